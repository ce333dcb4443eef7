// worky:test/main: the main module of the worker that a test file becomes. `worky:test` comes first: it is ready before any test module runs.
import "worky:test";
import * as tests from "worky:test/file";
import { serve } from "worky:test/run";

export default serve(tests);
