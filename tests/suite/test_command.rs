//! `worky test`: tests run inside of the runtime, each with storage of its own, and are told of.

use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use worky_tests::Project;
use worky_tests::guest::guest_bytes;

const WORKER: &str = "export const double = (n: number) => n * 2;\n\
    export default { async fetch(request: Request, env: any, ctx: any) {\n\
      const { pathname } = new URL(request.url);\n\
      if (pathname === '/loop') for (;;) ;\n\
      if (pathname === '/throw') throw new RangeError('thrown by the worker');\n\
      if (pathname === '/later') {\n\
        ctx.waitUntil(scheduler.wait(20).then(() => env.KV.put('/later', 'written')));\n\
        return new Response('soon');\n\
      }\n\
      if (pathname.startsWith('/fetch/')) {\n\
        console.log('fetching', pathname);\n\
        return fetch(`https://upstream.example${pathname.slice(6)}`, { headers: { 'x-token': env.TOKEN } });\n\
      }\n\
      if (request.method === 'PUT') { await env.KV.put(pathname, await request.text()); return new Response(); }\n\
      return new Response((await env.KV.get(pathname)) ?? 'none');\n\
    } };\n";
const CONFIG: &str = "secrets = [\"TOKEN\"]\n[vars]\nNAME = \"value\"\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"kv\"\n\
    [limits]\ncpu_ms = 200\n";

/// A worker and one test file, which imports everything.
fn project(tests: &str) -> Project {
    let all = "afterAll, afterEach, beforeAll, beforeEach, clock, createExecutionContext, describe, env, expect, fn, it, \
        SELF, spyOn, test, upstream, waitFor, waitOnExecutionContext";
    Project::worker_with(WORKER, CONFIG)
        .file(".dev.vars", "TOKEN=hunter22\n")
        .file("test/a.test.ts", format!("import {{ {all} }} from 'worky:test';\n{tests}"))
}

#[test]
fn tests_reach_the_worker_and_its_bindings() {
    let tests = "import worker, { double } from '../src/index.ts';\n\
        test('modules', () => { expect(double(2)).toBe(4); });\n\
        test('bindings', async () => {\n\
          expect([env.NAME, env.TOKEN]).toEqual(['value', 'hunter22']);\n\
          await SELF.fetch('/key', { method: 'PUT', body: 'x' });\n\
          expect(await env.KV.get('/key')).toBe('x');\n\
          expect(await (await env.SELF.fetch('http://any/key')).text()).toBe('x');\n\
        });\n\
        test('a handler by itself', async () => {\n\
          const ctx = createExecutionContext();\n\
          await worker.fetch(new Request('http://any/later'), env, ctx);\n\
          await waitOnExecutionContext(ctx);\n\
          expect(await env.KV.get('/later')).toBe('written');\n\
        });\n\
        export const conventional = { async test(controller: object, env: any, ctx: any) {\n\
          ctx.waitUntil(Promise.resolve());\n\
          if (env.NAME !== 'value') throw new Error('no env');\n\
        } };\n";
    let ran = project(tests).run(&["test"]);
    ran.assert_code(0).assert_says("✓ conventional").assert_says("4 passed, 0 failed, 0 skipped (1 file, ");
}

#[test]
fn a_component_is_tested_as_well() {
    let tests = "import { expect, SELF, test } from 'worky:test';\n\
        test('answers', async () => { expect((await SELF.fetch('/')).status).toBeLessThan(500); });\n";
    let config = "name = \"app\"\nmain = \"app.wasm\"\ncompatibility_date = \"2026-01-01\"\n";
    let project = Project::empty().file("app.wasm", guest_bytes("parity")).file("worky.toml", config);
    project.file("app.test.ts", tests).run(&["test"]).assert_code(0).assert_says("1 passed, 0 failed");
}

#[test]
fn storage_is_each_tests_own() {
    let tests = "beforeAll(() => env.KV.put('seed', '1'));\n\
        test('writes', async () => {\n\
          await env.KV.put('seed', '2');\n\
          await SELF.fetch('/new', { method: 'PUT', body: 'x' });\n\
          await SELF.fetch('/later');\n\
          const file = await env.DATA.getFileHandle('a.txt');\n\
          const writable = await file.createWritable(); await writable.write('changed'); await writable.close();\n\
          await env.DATA.getFileHandle('b.txt', { create: true });\n\
        });\n\
        test('reads', async () => {\n\
          expect((await env.KV.list()).keys.map((key) => key.name)).toEqual(['seed']);\n\
          expect(await env.KV.get('seed')).toBe('1');\n\
          expect(await (await (await env.DATA.getFileHandle('a.txt')).getFile()).text()).toBe('kept');\n\
          await expect(env.DATA.getFileHandle('b.txt')).rejects.toThrow();\n\
        });\n\
        describe('inner', () => {\n\
          beforeAll(() => env.KV.put('inner', '1'));\n\
          test('has both', async () => expect((await env.KV.list()).keys.length).toBe(2));\n\
        });\n\
        test('after inner', async () => expect((await env.KV.list()).keys.length).toBe(1));\n";
    let project = project(tests)
        .append_config("[[files]]\nbinding = \"DATA\"\npath = \"./data\"\nmode = \"read-write\"\n")
        .file("data/a.txt", "kept");
    project.run(&["test"]).assert_code(0).assert_says("4 passed, 0 failed");
    assert_eq!(project.read("data/a.txt"), "kept");
    assert!(!project.path().join(".worky").exists() && !project.path().join("data/b.txt").exists());
}

#[test]
fn the_network_is_what_tests_say() {
    let tests = "upstream.get('https://upstream.example/*', 'from the file');\n\
        test('handlers', async () => {\n\
          const users = upstream.get('https://upstream.example/users/:id', (request, { params }) => ({ id: params.id }));\n\
          expect(await (await SELF.fetch('/fetch/users/7?q=1')).json()).toEqual({ id: '7' });\n\
          expect(users.calls[0].url).toBe('https://upstream.example/users/7');\n\
          expect(users.calls[0].headers.get('x-token')).toBe('hunter22');\n\
          expect([...users.calls[0].headers.keys()].filter((name) => name.startsWith('worky'))).toEqual([]);\n\
          expect(await (await SELF.fetch('/fetch/other')).text()).toBe('from the file');\n\
          expect(upstream.requests.length).toBe(2);\n\
        });\n\
        test('they are forgotten', async () => {\n\
          expect(await (await SELF.fetch('/fetch/users/7')).text()).toBe('from the file');\n\
          expect(upstream.requests.length).toBe(1);\n\
        });\n\
        test('once', async () => {\n\
          upstream.post('/hook', new Response('no', { status: 500 }), { times: 1 });\n\
          const post = () => fetch('https://upstream.example/hook', { method: 'POST', body: 'x' });\n\
          expect((await post()).status).toBe(500);\n\
          await expect(post()).rejects.toThrow('nothing answers POST https://upstream.example/hook');\n\
        });\n\
        test('the policy holds', async () => {\n\
          upstream.all(/./, 'anything');\n\
          await expect(fetch('https://denied.example/')).rejects.toThrow('[egress] allow');\n\
          await expect(fetch('http://127.0.0.1/')).rejects.toThrow();\n\
        });\n\
        test('a handler that throws fails its test', async () => {\n\
          upstream.get('https://upstream.example/broken', () => { throw new Error('of the handler'); });\n\
          await SELF.fetch('/fetch/broken').catch(() => {});\n\
        });\n\
        test('nothing answers', () => fetch('https://upstream.example/x', { method: 'DELETE' }));\n";
    let project = project(tests).append_config("[egress]\nallow = [\"https://upstream.example\"]\n");
    let ran = project.run(&["test"]);
    ran.assert_code(1).assert_says("4 passed, 2 failed");
    ran.assert_says("✗ a handler that throws fails its test").assert_says("error: of the handler");
    ran.assert_says("tests have no network: nothing answers DELETE https://upstream.example/x")
        .assert_says("upstream.delete(\"https://upstream.example/x\", …)");
}

#[test]
fn workers_call_each_other_and_those_that_are_missing() {
    let caller = "export default { async fetch(request: Request, env: any) {\n\
        const name = new URL(request.url).pathname.slice(1);\n\
        return env[name].fetch('http://any/asked');\n\
        } };";
    let services = "[[services]]\nbinding = \"OTHER\"\nservice = \"other\"\n\
        [[services]]\nbinding = \"AUTH\"\nservice = \"auth\"\n";
    let tests = "import { env, expect, SELF, test, upstream } from 'worky:test';\n\
        test('one of the project', async () => { expect(await (await SELF.fetch('/OTHER')).text()).toBe('other'); });\n\
        test('a missing one', async () => {\n\
          const auth = upstream.service('auth', (request) => ({ path: new URL(request.url).pathname }));\n\
          upstream.all(/./, 'of the network');\n\
          expect(await (await SELF.fetch('/AUTH')).json()).toEqual({ path: '/asked' });\n\
          expect(await (await env.AUTH.fetch('http://any/direct')).json()).toEqual({ path: '/direct' });\n\
          expect(auth.calls.length).toBe(2);\n\
        });\n\
        test('nobody', () => SELF.fetch('/AUTH'));\n";
    let named = |name: &str| format!("name = \"{name}\"\nmain = \"index.ts\"\ncompatibility_date = \"2026-01-01\"\n");
    let project = Project::empty()
        .file("worky.toml", "[[workers]]\npath = \"one\"\nroutes = [\"/*\"]\n[[workers]]\npath = \"two\"\n")
        .file("one/worky.toml", named("one") + services)
        .file("one/index.ts", caller)
        .file("one/a.test.ts", tests)
        .file("two/worky.toml", named("other"))
        .file("two/index.ts", "export default { fetch: () => new Response('other') };")
        .file(
            "two/b.test.ts",
            "import { expect, SELF, test } from 'worky:test';\n\
            test('itself', async () => { expect(await (await SELF.fetch('/')).text()).toBe('other'); });",
        );
    let ran = project.run(&["test"]);
    ran.assert_code(1).assert_says("3 passed, 1 failed, 0 skipped (2 files").assert_says("two/b.test.ts\n  ✓ itself");
    ran.assert_says("the worker \"auth\" is not part of the project: nothing answers GET http://any/asked")
        .assert_says("upstream.service(\"auth\", …)");
}

#[test]
fn failures_tell_what_where_and_how_it_differs() {
    let tests = "function check(value: object): void {\n\
          expect(value).toEqual({ a: 1, b: [1, 3] });\n\
        }\n\
        test('differs', () => {\n  console.log('said before');\n  check({ a: 1, b: [1, 2] });\n});\n\
        test('cause', () => { throw new Error('outer', { cause: new TypeError('inner') }); });\n\
        test('not awaited', () => { expect(Promise.resolve(1)).resolves.toBe(1); });\n\
        test('unhandled', () => { Promise.reject(new Error('nobody waits')); });\n\
        test('worker', () => SELF.fetch('/throw'));\n";
    let ran = project(tests).run(&["test"]);
    ran.assert_code(1).assert_says("0 passed, 5 failed");
    for part in [
        "test/a.test.ts > differs\nerror: AssertionError: expected { a: 1, b: [ 1, 2 ] } to deeply equal { a: 1, b: [ 1, 3 ] }",
        "test/a.test.ts:3:15",
        "3 | expect(value).toEqual({ a: 1, b: [1, 3] });",
        "  -     3,\n  +     2,\n",
        "  at check (test/a.test.ts:3:15)\n  at test/a.test.ts:7:3\n",
        "console:\ninfo: said before\n",
        "caused by:\nerror: TypeError: inner",
        "was not awaited",
        "error: nobody waits",
        "thrown by the worker",
        // Where it was thrown, which the caller is not told.
        "at Object.fetch (src/index.ts:5:",
    ] {
        ran.assert_says(part);
    }
    ran.assert_silent_on("worky:test/").assert_silent_on("ext:").assert_silent_on("\x1b[");
}

#[test]
fn what_breaks_a_limit_fails_alone() {
    let tests = "let count = 0;\n\
        beforeAll(() => env.KV.put('seed', String(++count)));\n\
        test('loops', () => { for (;;) ; }, 200);\n\
        test('waits', () => scheduler.wait(60_000), 100);\n\
        test('never ends', () => new Promise(() => {}));\n\
        test('grows', () => { const all = []; for (;;) all.push(new Array(100_000).fill(all.length)); });\n\
        test('the worker loops', () => expect(SELF.fetch('/loop')).rejects.toMatchObject({ code: 'cpu_exceeded' }));\n\
        test('goes on', async () => { expect([count, await env.KV.get('seed')]).toEqual([1, '1']); });\n";
    let ran = project(tests).run(&["test", "--timeout", "20000"]);
    ran.assert_code(1).assert_says("2 passed, 4 failed").assert_says("✓ the worker loops").assert_says("✓ goes on");
    for part in ["within 200 ms", "within 100 ms", "cannot be settled any more", "128 MiB of memory (limits.memory_mb)"]
    {
        ran.assert_says(part);
    }
}

#[test]
fn hooks_run_around_tests() {
    let tests = "const log: string[] = [];\n\
        const hook = (name: string) => () => { log.push(name); return () => log.push(`undo ${name}`); };\n\
        beforeAll(hook('all')); beforeEach(hook('each')); afterEach(() => { log.push('after'); });\n\
        test('one', ({ onTestFinished }) => { onTestFinished(() => { log.push('finished'); }); log.push('one'); });\n\
        describe('inner', () => {\n\
          beforeEach(() => { log.push('inner each'); }); afterEach(() => { log.push('inner after'); });\n\
          test('two', () => { log.push('two'); });\n\
        });\n\
        test('order', () => {\n\
          expect(log.join(', ')).toBe('all, each, one, undo each, after, finished, ' +\n\
            'each, inner each, two, undo each, inner after, after, each');\n\
        });\n\
        describe('broken', () => {\n\
          beforeAll(() => { throw new Error('no database'); });\n\
          test('inside', () => {});\n\
          describe('deeper', () => { test('inside', () => {}); });\n\
        });\n\
        describe('slow', () => {\n\
          beforeEach(() => scheduler.wait(60_000), 20);\n\
          test('with it', () => {});\n\
        });\n\
        describe('undone badly', () => { afterAll(() => { throw new Error('not undone'); }); test('fine', () => {}); });\n";
    let ran = project(tests).run(&["test"]);
    ran.assert_code(1).assert_says("4 passed, 3 failed, 2 skipped");
    ran.assert_says("error: beforeEach did not end within 20 ms\n  --> test/a.test.ts:");
    ran.assert_says("- inside (skipped: beforeAll of broken failed)")
        .assert_says("broken > beforeAll\nerror: no database");
    ran.assert_says("undone badly > afterAll\nerror: not undone");
}

#[test]
fn tests_are_chosen_and_written_in_many_ways() {
    let tests = "test.skip('left out', () => { throw new Error(); });\n\
        it.todo('to be written');\n\
        test.fails('known to be broken', () => { expect(1).toBe(2); });\n\
        test.runIf(false)('never', () => {});\n\
        test.each([[1, 2, 3], [2, 2, 4]])('%i + %i = %i', (a, b, c) => { expect(a + b).toBe(c); });\n\
        test.each`a | b\n${1} | ${2}\n${3} | ${4}`('$a before $b', ({ a, b }) => { expect(b).toBe(a + 1); });\n\
        test('decides late', ({ skip }) => { skip('not here'); });\n\
        test('clock', async () => {\n\
          clock.install({ now: 0 });\n\
          const called = fn();\n\
          setTimeout(called, 10_000);\n\
          await clock.tickAsync(10_000);\n\
          expect(called).toHaveBeenCalledOnce();\n\
          expect(Date.now()).toBe(10_000);\n\
        });\n\
        test('clock goes again', () => { expect(Date.now()).toBeGreaterThan(1e12); });\n";
    let project = project(tests)
        .file("src/b.spec.js", "import { test } from 'worky:test'; test.only('it', () => {}); test('not', () => {});");
    let ran = project.run(&["test"]);
    ran.assert_code(0).assert_says("8 passed, 0 failed, 5 skipped (2 files, ");
    for part in ["✓ 2 + 2 = 4", "✓ 3 before 4", "(skipped: not here)", "- not (skipped: another one is marked only)"]
    {
        ran.assert_says(part);
    }
    project.run(&["test", "b.spec"]).assert_code(0).assert_says("1 passed, 0 failed, 1 skipped (1 file");
    project.run(&["test", "test", "-t", "+ 2"]).assert_code(0).assert_says("2 passed, 0 failed, 0 skipped");
}

#[test]
fn reports_for_programs() {
    let project = project(
        "test('good', () => {});\ntest('bad <&>', () => { console.warn('careful'); expect(1).toBe(2); });\ntest.todo('later');",
    );
    let tap = project.run(&["test", "--reporter", "tap"]);
    tap.assert_code(1);
    assert!(tap.stdout.starts_with("TAP version 14\n1..3\nok 1 - test/a.test.ts > good\n"), "{}", tap.stdout);
    for part in
        ["not ok 2 - test/a.test.ts > bad <&>\n", "    warn: careful\n", "not ok 3 - test/a.test.ts > later # TODO\n"]
    {
        assert!(tap.stdout.contains(part), "{part} is not in\n{}", tap.stdout);
    }
    assert!(tap.stderr.contains("1 passed, 1 failed, 1 skipped"), "{}", tap.stderr);
    let junit = project.run(&["test", "--reporter", "junit", "--output", "reports/junit.xml"]);
    junit.assert_code(1).assert_says("✗ bad <&>").assert_says("1 passed, 1 failed, 1 skipped");
    let xml = project.read("reports/junit.xml");
    for part in [
        "<testsuites name=\"worky test\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\"",
        "name=\"bad &lt;&amp;&gt;\"",
        "<failure message=\"AssertionError: expected 1 to be 2",
        "<system-out>warn: careful\n</system-out>",
    ] {
        assert!(xml.contains(part), "{part} is not in\n{xml}");
    }
}

#[test]
fn what_cannot_be_run_is_told() {
    let fine = "import { test } from 'worky:test'; test('fine', () => {});";
    let project = project("import './nowhere.ts';")
        .file("test/b.test.ts", "import { test } from 'worky:test';\nthrow new Error('at the top');")
        .file("test/c.test.ts", "import { test } from 'worky:test';\ntest('no function', 5);")
        .file("test/d.test.ts", fine);
    let ran = project.run(&["test"]);
    ran.assert_code(1).assert_says("1 passed, 3 failed, 0 skipped (4 files");
    for part in ["cannot find module \"./nowhere.ts\"", "test/b.test.ts:2:7", "at the top", "must be a function"] {
        ran.assert_says(part);
    }
    let bail = project.run(&["test", "b.test", "--bail"]);
    bail.assert_code(1);
    let says = |args: &[&str], code: i32, part: &str| {
        let all = [&["test"], args].concat();
        project.run(&all).assert_code(code).assert_says(part);
    };
    says(&["nothing-like-it"], 2, "no test file is, is in, or has in its path: nothing-like-it");
    says(&["d.test", "-t", "unheard of"], 2, "no test has \"unheard of\" in its name");
    says(&["--timeout", "0"], 2, "1..=600000");
    Project::empty().run(&["test"]).assert_code(2).assert_says("worky.toml cannot be read");
    Project::worker(WORKER).run(&["test"]).assert_code(2).assert_says("there are no tests");
    Project::worker("export default {")
        .file("a.test.ts", fine)
        .run(&["test"])
        .assert_code(1)
        .assert_says("src/index.ts:1:");
}

#[test]
fn after_a_failure_nothing_more_begins() {
    let tests = "test('one', () => {});\ntest('two', () => { throw new Error(); });\ntest('three', () => {});\n";
    let ran = project(tests).run(&["test", "--bail", "--jobs", "1"]);
    ran.assert_code(1)
        .assert_says("1 passed, 1 failed, 1 skipped")
        .assert_says("three (skipped: a test before it failed (--bail))");
}

#[test]
fn lines_that_ran_are_told() {
    // What is packed, here for the sake of node:path, tells of the files that it was made of.
    let worker = "import { basename } from 'node:path';\n\
        import { unused } from './lib.ts';\n\
        export function choose(first: boolean): string {\n\
        \x20 if (first) {\n\
        \x20   return basename('/a/first');\n\
        \x20 }\n\
        \x20 return unused();\n\
        }\n\
        export default { fetch: () => new Response(choose(true)) };\n";
    let lib = "interface Nothing {}\n\nexport function unused() {\n  return 'second';\n}\n";
    let tests = "import { expect, SELF, test } from 'worky:test';\n\
        test('first', async () => { expect(await (await SELF.fetch('/')).text()).toBe('first'); });\n";
    let project = Project::worker(worker).file("src/lib.ts", lib).file("a.test.ts", tests);
    let ran = project.run(&["test", "--coverage"]);
    ran.assert_code(0).assert_says("lines that did not run").assert_silent_on("a.test.ts  ");
    let row =
        |file: &str| ran.stdout.lines().find(|line| line.starts_with(file)).map(str::to_owned).unwrap_or_default();
    let words = |file: &str| row(file).split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>().join(" ");
    assert_eq!(words("src/index.ts"), "5/6 83 % 2/2 100 % 7", "{}", ran.stdout);
    assert_eq!(words("src/lib.ts"), "0/3 0 % 0/1 0 % 3-5", "{}", ran.stdout);
    assert!(
        ran.stdout.trim_end().lines().next_back().is_some_and(|line| line.starts_with("1 passed")),
        "{}",
        ran.stdout
    );
    let lcov = project.read("coverage/lcov.info");
    for part in ["SF:src/index.ts\n", "FNDA:1,choose\n", "DA:5,1\nDA:7,0\n", "SF:src/lib.ts\n", "FNDA:0,unused\n"] {
        assert!(lcov.contains(part), "{part} is not in\n{lcov}");
    }
    project.run(&["test", "--coverage=out/cov"]).assert_code(0);
    assert_eq!(project.read("out/cov/lcov.info"), lcov);
}

/// A run that goes on, and its lines.
struct Watching {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Watching {
    fn until(&self, part: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut seen = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            if line.contains(part) {
                return;
            }
            seen.push(line);
        }
        panic!("{part:?} is not in\n{}", seen.join("\n"));
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _collected = self.child.wait();
    }
}

fn watch(project: &Project) -> Watching {
    let mut child = project.spawn(&["test", "--watch"]);
    let (sender, lines) = mpsc::channel();
    let streams: [Box<dyn std::io::Read + Send>; 2] =
        [Box::new(child.stdout.take().expect("piped")), Box::new(child.stderr.take().expect("piped"))];
    for stream in streams {
        let sender = sender.clone();
        std::thread::spawn(move || {
            BufReader::new(stream).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
        });
    }
    Watching { child, lines }
}

#[test]
fn what_a_change_concerns_runs_again() {
    let tests = "import { double } from '../src/double.ts';\ntest('doubles', () => { expect(double(2)).toBe(4); });";
    let other = "import { test } from 'worky:test'; test('other', () => {});";
    let project = project(tests).file("src/double.ts", "export const double = (n) => n * 2;").file("b.test.ts", other);
    let watching = watch(&project);
    watching.until("2 passed, 0 failed");
    watching.until("waiting for changes");
    let save = |path: &str, text: &str| std::fs::write(project.path().join(path), text).expect("written");
    save("src/double.ts", "export const double = (n) => n * 3;");
    watching.until("0 passed, 1 failed, 0 skipped (1 file");
    watching.until("waiting for changes");
    save("new.test.ts", "import { test } from 'worky:test'; test('new', () => {});");
    watching.until("✓ new");
    watching.until("1 passed, 0 failed, 0 skipped (1 file");
    watching.until("waiting for changes");
    save("src/index.ts", "export default { fetch: () => new Response('another') };");
    watching.until("2 passed, 1 failed, 0 skipped (3 files");
}
