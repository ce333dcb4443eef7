import posix from "path-browserify";
import { unavailable } from "node:internal/errors";

posix.toNamespacedPath = (path) => path;
posix.matchesGlob = unavailable("path.matchesGlob");
posix.win32 = Object.fromEntries(
  ["basename", "dirname", "extname", "format", "isAbsolute", "join", "normalize", "parse", "relative", "resolve"].map(
    (name) => [name, unavailable(`path.win32.${name}`)],
  ),
);
posix.win32.sep = "\\";
posix.win32.delimiter = ";";

export const { basename, delimiter, dirname, extname, format, isAbsolute, join, normalize, parse, relative, resolve, sep, toNamespacedPath, matchesGlob, win32 } = posix;
export { posix };
export default posix;
