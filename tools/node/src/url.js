import whole from "unenv/node/url";
import { invalidType } from "node:internal/errors";

const { URL, URLSearchParams } = globalThis;
export { URL, URLSearchParams };
export const { Url, fileURLToPath, pathToFileURL } = whole;

/** Without the warning of unenv's own: that is Node's to give. */
export function parse(url, parsesQuery, slashesDenoteHost) {
  if (url instanceof Url) return url;
  const parsed = new Url();
  parsed.parse(url, parsesQuery, slashesDenoteHost);
  return parsed;
}
// These would give it as well.
const { resolveObject: resolveParsed } = Url.prototype;
Url.prototype.resolveObject = function resolveObject(relative) {
  return resolveParsed.call(this, typeof relative === "string" ? parse(relative, false, true) : relative);
};
Url.prototype.resolve = function resolve(relative) {
  return this.resolveObject(relative).format();
};
export const resolve = (source, relative) => parse(source, false, true).resolve(relative);
export const resolveObject = (source, relative) => (source ? parse(source, false, true).resolveObject(relative) : relative);
export const URLPattern = globalThis.URLPattern;

function hostOf(domain) {
  try {
    return new URL(`ws://${domain}`).hostname;
  } catch {
    return "";
  }
}
/** The ASCII form of a domain; "" where it is none. */
export const domainToASCII = (domain) => hostOf(domain);
export const domainToUnicode = (domain) => {
  const host = hostOf(domain);
  return host && whole.domainToUnicode(host);
};

/** As `whole.format`, which forgets that a URL keeps its parts in getters. */
export function format(url, options) {
  if (typeof url === "string") return parse(url).format();
  if (!(url instanceof URL)) return whole.format(url, options);
  if (options !== undefined && (options === null || typeof options !== "object")) {
    throw invalidType("options", "of type object", options);
  }
  const { fragment = true, unicode = false, search = true, auth = true } = options ?? {};
  const copy = new URL(url);
  if (!fragment) copy.hash = "";
  if (!search) copy.search = "";
  if (!auth) copy.username = copy.password = "";
  return unicode ? copy.href.replace(copy.hostname, domainToUnicode(copy.hostname)) : copy.href;
}

export function urlToHttpOptions(url) {
  const { hostname, pathname, port, username, password, search, hash, protocol, href } = url;
  const options = {
    __proto__: null,
    ...url,
    protocol,
    hostname: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    hash,
    search,
    pathname,
    path: `${pathname}${search}`,
    href,
  };
  if (port !== "") options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

export default {
  URL,
  URLPattern,
  URLSearchParams,
  Url,
  domainToASCII,
  domainToUnicode,
  fileURLToPath,
  format,
  parse,
  pathToFileURL,
  resolve,
  resolveObject,
  urlToHttpOptions,
};
