import { type Cases, fails, ok, same } from "./assert.ts";

export const cases: Cases = {
  "URL takes a URL apart and puts it together"() {
    const url = new URL("../b?x=1#frag", "https://user:pw@example.com:8443/a/c");
    same(url.href, "https://user:pw@example.com:8443/b?x=1#frag");
    same([url.protocol, url.host, url.port, url.pathname, url.search, url.hash], [
      "https:", "example.com:8443", "8443", "/b", "?x=1", "#frag",
    ]);
    url.searchParams.append("y", "ä ö");
    url.port = "443";
    same(url.href, "https://user:pw@example.com/b?x=1&y=%C3%A4+%C3%B6#frag");
    same(url.origin, "https://example.com");
    same(JSON.stringify({ url }), `{"url":"${url.href}"}`);
  },
  "URL encodes names as punycode"() {
    same(new URL("http://bücher.example/").hostname, "xn--bcher-kva.example");
  },
  "URL refuses what is none"() {
    same(URL.canParse("not a url"), false);
    same(URL.canParse("/x", "http://a"), true);
    same(URL.parse("nope"), null);
    return fails("TypeError", () => new URL("http://[::1"));
  },
  "URLSearchParams keeps order and repeats"() {
    const params = new URLSearchParams("b=2&a=1&b=3");
    same(params.getAll("b"), ["2", "3"]);
    params.sort();
    same(params.toString(), "a=1&b=2&b=3");
    params.delete("b", "2");
    same([...params], [["a", "1"], ["b", "3"]]);
    same([params.size, params.has("a", "1"), params.has("a", "9")], [2, true, false]);
    same(new URLSearchParams({ q: "a&b" }).toString(), "q=a%26b");
  },
  "URLPattern matches and names groups"() {
    const pattern = new URLPattern({ pathname: "/books/:id(\\d+)" });
    same(pattern.exec("https://example.com/books/42")?.pathname.groups, { id: "42" });
    ok(!pattern.test("https://example.com/books/x"), "match");
    same(new URLPattern("/a/*", "https://example.com").test("https://example.com/a/b/c"), true);
  },
};
