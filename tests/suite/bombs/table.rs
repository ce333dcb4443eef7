//! More than one hundred small programs that take more than they may, each in a way of its own.
//!
//! A program is the body of an async function of `(env, ctx, request, self)`; `self` is the worker's own URL, and
//! [`PRELUDE`] stands before all of them.

/// How a bomb must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It fills memory without end: stopped for it, or V8 refuses one allocation first and the guest throws.
    Memory,
    /// It works without end.
    Cpu,
    /// It fills memory and works, and which limit it meets first is a matter of speed.
    MemoryOrCpu,
    /// One error that the guest may catch.
    Throws,
    /// It waits without end.
    Hangs,
    /// It finds room, or one of its limits; what counts is that everybody else lives on.
    Whatever,
}

pub(super) const PRELUDE: &str = r#"
const never = new Promise(() => {});
const MiB = 1 << 20;
const deep = (levels) => { let value = []; for (let n = 0; n < levels; n += 1) value = [value]; return value; };
const loopModule = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 108, 111, 111, 112, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]);
const nothing = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
// 1 MiB of zeros, compressed and compressed again.
const zip = async (bytes, format) => new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream(format))).arrayBuffer());
"#;

// One line for each.
#[rustfmt::skip]
pub(super) const BOMBS: &[(&str, End, &str)] = &[
    // Arrays and objects.
    ("array_of_arrays", End::Memory, "const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length));"),
    ("array_push", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(kept.length);"),
    ("array_of_doubles", End::Memory, "const kept = []; for (;;) kept.push(new Array(10000).fill(Math.PI));"),
    ("array_length", End::Throws, "return new Array(2 ** 32 - 1).fill(0).length;"),
    ("array_large", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(new Array(2 ** 24).fill(0));"),
    ("array_flat", End::MemoryOrCpu, "let a = [1, 2, 3]; for (;;) a = [a, a, a].flat(Infinity);"),
    ("array_concat", End::MemoryOrCpu, "let a = [1]; for (;;) a = a.concat(a);"),
    ("array_from", End::MemoryOrCpu, "return Array.from({ length: 2 ** 31 }, (_, n) => ({ n })).length;"),
    ("array_holes", End::Whatever, "const a = []; a[2 ** 25 - 2] = 1; return a.indexOf(2) + a.sort().length;"),
    ("array_splice", End::MemoryOrCpu, "const a = [1]; for (;;) a.splice(0, 0, ...a.slice(0, 50000));"),
    ("spread_call", End::Throws, "return Math.max(...new Array(5000000).fill(1));"),
    ("objects_linked", End::Memory, "let list = null; for (;;) list = { list, a: 1, b: 2, c: 3 };"),
    ("objects_keys", End::MemoryOrCpu, "const o = {}; for (let n = 0; ; n += 1) o['key' + n * 7919] = n;"),
    ("objects_elements", End::MemoryOrCpu, "const o = {}; for (let n = 0; ; n += 1) o[(n * 2654435761) >>> 0] = n;"),
    ("objects_entries", End::MemoryOrCpu, "let o = Object.fromEntries(Array.from({ length: 50000 }, (_, n) => ['k' + n, n])); const kept = []; for (;;) kept.push(Object.entries({ ...o }));"),
    ("classes", End::MemoryOrCpu, "let base = Object; const kept = []; for (;;) { base = class extends base { x = 1; }; kept.push(base); }"),
    ("getters", End::Throws, "const o = { get x() { return this.x; } }; return o.x;"),
    ("prototypes", End::MemoryOrCpu, "let o = {}; for (;;) o = Object.create(o); "),
    // Strings.
    ("string_rope", End::MemoryOrCpu, "let s = 'x'; const kept = []; for (let n = 0; ; n += 1) { s = n + s + s.slice(0, 1000); kept.push(s); if (s.length > 1e6) s = 'x'; }"),
    ("string_double", End::Throws, "let s = 'x'; for (;;) s += s;"),
    ("string_flatten", End::Whatever, "let s = 'xy'; while (s.length < 2 ** 26) s += s; return s.charCodeAt(7) + s.indexOf('z');"),
    ("string_repeat", End::MemoryOrCpu, "const kept = []; for (let n = 0; ; n += 1) { const s = (n + 'ab').repeat(100000); s.charCodeAt(9); kept.push(s.split('a')); }"),
    ("string_pad", End::Whatever, "return 'x'.padEnd(2 ** 22, 'abc').replaceAll('a', 'bbbb').length;"),
    ("string_split", End::MemoryOrCpu, "return 'x'.repeat(2 ** 26).split('').length;"),
    ("string_join", End::Whatever, "return new Array(2 ** 24).join('abcdefgh').length;"),
    ("string_normalize", End::Whatever, "let s = '\\ufdfa'.repeat(2 ** 20); const kept = []; for (let n = 0; n < 40; n += 1) kept.push(s.normalize('NFKD')); return kept.length;"),
    ("string_case", End::MemoryOrCpu, "const kept = []; for (let n = 0; ; n += 1) kept.push(('\\u0149' + n).repeat(100000).toUpperCase());"),
    ("string_template", End::MemoryOrCpu, "let s = 'x'; const kept = []; for (;;) { s = `${s}${s}`.slice(-1000000); kept.push(s + kept.length); encodeURIComponent(s); }"),
    ("string_raw", End::MemoryOrCpu, "const kept = []; for (let n = 0; ; n += 1) kept.push(String.raw({ raw: new Array(10000).fill('r' + n) }, ...new Array(1000).fill('s')));"),
    ("string_codes", End::Throws, "return String.fromCharCode.apply(null, new Array(5000000).fill(65)).length;"),
    ("base64", End::MemoryOrCpu, "const kept = []; const s = 'x'.repeat(MiB); for (let n = 0; ; n += 1) kept.push(btoa(n + s));"),
    ("base64_decode", End::MemoryOrCpu, "const kept = []; const s = 'QUJD'.repeat(MiB / 4); for (;;) kept.push(atob(s));"),
    ("escape", End::MemoryOrCpu, "let s = '%'; for (;;) { s = escape(s); if (s.length > 1e8) s = unescape(s); }"),
    ("locale", End::MemoryOrCpu, "const kept = []; for (let n = 0; ; n += 1) kept.push(('\\u00df' + n).repeat(1000).toLocaleUpperCase('tr').localeCompare('x'.repeat(1000)));"),
    // Buffers.
    ("buffers", End::Memory, "const kept = []; for (;;) kept.push(new Uint8Array(MiB).fill(1));"),
    ("buffers_small", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(new ArrayBuffer(64));"),
    ("buffers_views", End::MemoryOrCpu, "const kept = []; const b = new ArrayBuffer(8); for (;;) kept.push(new DataView(b), new Float64Array(b));"),
    ("buffer_huge", End::Memory, "return new ArrayBuffer(2 ** 40).byteLength;"),
    ("buffer_resizable", End::Memory, "const kept = []; for (;;) { const b = new ArrayBuffer(0, { maxByteLength: 1 << 24 }); b.resize(1 << 24); new Uint8Array(b).fill(1); kept.push(b); }"),
    ("buffer_reserve", End::Whatever, "const kept = []; for (let n = 0; n < 2000; n += 1) kept.push(new ArrayBuffer(0, { maxByteLength: 2 ** 30 })); return kept.length;"),
    ("buffer_shared", End::Memory, "const kept = []; for (;;) kept.push(new Uint8Array(new SharedArrayBuffer(MiB)).fill(1));"),
    ("buffer_shared_growable", End::Memory, "const kept = []; for (;;) { const b = new SharedArrayBuffer(0, { maxByteLength: 1 << 24 }); b.grow(1 << 24); new Uint8Array(b).fill(1); kept.push(b); }"),
    ("buffer_transfer", End::Memory, "let b = new ArrayBuffer(1); for (;;) b = b.transfer(b.byteLength * 2);"),
    ("typed_sort", End::MemoryOrCpu, "const t = new Float64Array(4 * MiB).map(() => Math.random()); for (;;) t.slice().sort();"),
    ("typed_from", End::MemoryOrCpu, "return Uint8Array.from({ length: 2 ** 32 }).length;"),
    ("random", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(crypto.getRandomValues(new Uint8Array(65536)));"),
    ("encoder", End::MemoryOrCpu, "const kept = []; const s = '\\u20ac'.repeat(1 << 18); for (;;) kept.push(new TextEncoder().encode(s));"),
    ("decoder", End::MemoryOrCpu, "const kept = []; const b = new Uint8Array(MiB).fill(65); for (;;) kept.push(new TextDecoder('utf-16le').decode(b));"),
    ("decoders", End::MemoryOrCpu, "const kept = []; for (;;) { const d = new TextDecoder('gb18030'); d.decode(new Uint8Array([0x81]), { stream: true }); kept.push(d); }"),
    // WebAssembly.
    ("wasm_memory", End::Memory, "const m = new WebAssembly.Memory({ initial: 1 }); for (;;) { m.grow(16); new Uint8Array(m.buffer).fill(1); }"),
    ("wasm_memories", End::Memory, "const kept = []; for (;;) { const m = new WebAssembly.Memory({ initial: 256 }); new Uint8Array(m.buffer).fill(1); kept.push(m); }"),
    ("wasm_reserve", End::Whatever, "const kept = []; for (let n = 0; n < 20000; n += 1) kept.push(new WebAssembly.Memory({ initial: 0, maximum: 65536 })); return kept.length;"),
    ("wasm_shared", End::Memory, "const m = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true }); for (;;) { m.grow(64); new Uint8Array(m.buffer).fill(1); }"),
    ("wasm_table", End::Memory, "const t = new WebAssembly.Table({ element: 'anyfunc', initial: 1 }); for (;;) t.grow(100000);"),
    ("wasm_loop", End::Cpu, "(await WebAssembly.instantiate(loopModule)).instance.exports.loop();"),
    ("wasm_modules", End::MemoryOrCpu, "const kept = []; for (let n = 0; ; n += 1) kept.push(new WebAssembly.Module(new Uint8Array([...nothing, 0, 4, 1, n & 127, (n >> 7) & 127, (n >> 14) & 127])));"),
    ("wasm_instances", End::MemoryOrCpu, "const module = new WebAssembly.Module(loopModule); const kept = []; for (;;) kept.push(new WebAssembly.Instance(module));"),
    // Collections, closures, functions.
    ("maps", End::MemoryOrCpu, "const m = new Map(); for (let n = 0; ; n += 1) m.set(n, 'value ' + n);"),
    ("sets", End::MemoryOrCpu, "const s = new Set(); for (let n = 0; ; n += 1) s.add({ n });"),
    ("weak_maps", End::MemoryOrCpu, "const kept = []; const m = new WeakMap(); for (;;) { const key = {}; kept.push(key); m.set(key, new Array(100).fill(key)); }"),
    ("weak_refs", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(new WeakRef({ data: new Array(100).fill(1) }));"),
    ("finalizers", End::MemoryOrCpu, "const r = new FinalizationRegistry(() => { for (;;); }); for (let n = 0; ; n += 1) r.register({}, new Array(100).fill(n));"),
    ("closures", End::MemoryOrCpu, "let next = () => 0; for (;;) { const inner = next; const data = new Array(100).fill(1.5); next = () => inner() + data.length; }"),
    ("bound", End::Whatever, "let f = () => 1; for (let n = 0; n < 1000000; n += 1) f = f.bind(null, n); return f();"),
    ("symbols", End::MemoryOrCpu, "const o = {}; for (let n = 0; ; n += 1) o[Symbol.for('s' + n)] = Symbol('x'.repeat(100));"),
    ("bigints", End::Whatever, "let b = 3n; for (;;) b = b * b;"),
    ("bigint_text", End::MemoryOrCpu, "const b = (1n << 4000000n) - 1n; for (;;) BigInt(b.toString()) % 7n;"),
    ("bigint_kept", End::MemoryOrCpu, "const kept = []; let b = 1n; for (;;) { b = (b << 100000n) | 1n; kept.push(b); }"),
    ("sort", End::Cpu, "const a = Array.from({ length: 100000 }, (_, n) => n); for (;;) a.sort(() => Math.random() - 0.5);"),
    ("label", End::Cpu, "outer: for (;;) { for (;;) { try { continue outer; } finally { continue; } } }"),
    ("generators", End::MemoryOrCpu, "const kept = []; function* g() { yield* g(); } for (;;) { const i = (function* () { for (;;) yield new Array(100); })(); i.next(); kept.push(i); }"),
    ("generators_deep", End::Throws, "function* g() { yield* g(); } return g().next();"),
    ("iterator_helpers", End::MemoryOrCpu, "function* g() { for (let n = 0; ; n += 1) yield n; } return g().map((n) => [n]).filter(() => true).toArray().length;"),
    ("proxies", End::Throws, "const p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return p.x;"),
    ("proxy_chain", End::Whatever, "let p = {}; for (let n = 0; n < 1000000; n += 1) p = new Proxy(p, {}); return p.x;"),
    ("recursion", End::Throws, "const f = (n) => f(n + 1) + 1; return f(0);"),
    ("recursion_caught", End::Cpu, "const f = () => { try { f(); } finally { f(); } }; f();"),
    ("errors", End::MemoryOrCpu, "const kept = []; Error.stackTraceLimit = Infinity; const f = (n) => n ? f(n - 1) : new Error('x'.repeat(1000)); for (;;) { const e = f(500); kept.push(e, e.stack); }"),
    ("error_causes", End::Whatever, "let e = new Error('0'); for (let n = 0; n < 100000; n += 1) e = new Error('n', { cause: e }); throw e;"),
    ("error_prepare", End::Cpu, "Error.prepareStackTrace = () => { for (;;); }; throw new Error('x');"),
    ("date", End::Cpu, "for (;;) new Date(Date.now()).toLocaleString('ar-EG', { dateStyle: 'full', timeZone: 'Asia/Tokyo' });"),
    // Patterns.
    ("regex_catastrophic", End::Cpu, "return /^(a+)+$/.test('a'.repeat(60) + '!');"),
    ("regex_huge", End::Whatever, "return new RegExp('(?:a{0,1000}){0,1000}'.repeat(20)).test('a'.repeat(1000));"),
    ("regex_nested", End::Whatever, "return new RegExp('('.repeat(100000) + ')'.repeat(100000)).test('x');"),
    ("regex_many", End::MemoryOrCpu, "const kept = []; for (let n = 0; ; n += 1) { const r = new RegExp('[a-z]{' + (n % 500) + '}' + n + '\\\\p{L}', 'iu'); r.test('abc'); kept.push(r); }"),
    ("regex_replace", End::Whatever, "return 'x'.repeat(2 ** 22).replace(/x/g, '$&$&$`').length;"),
    ("regex_matches", End::MemoryOrCpu, "const kept = []; for (;;) kept.push([...'ab'.repeat(100000).matchAll(/(a)(b)/g)]);"),
    ("array_likes", End::Whatever, "return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);"),
    ("array_sort_like", End::Throws, "return Array.prototype.sort.call({ length: 2 ** 53 - 1 }).length;"),
    ("array_sort_lie", End::Whatever, "let reads = 0; return Array.prototype.sort.call({ get length() { return reads++ === 0 ? 1 : 2 ** 53 - 1; } }).length;"),
    ("url_pattern", End::Whatever, "const kept = []; for (let n = 0; n < 100000; n += 1) kept.push(new URLPattern({ pathname: '/:a{/:b}*/' + n })); return kept.length;"),
    // JSON and cloning.
    ("json_deep", End::Whatever, "return JSON.parse('['.repeat(5000000) + ']'.repeat(5000000)).length;"),
    ("json_wide", End::MemoryOrCpu, "let text = '[1]'; for (;;) { const value = JSON.parse(text); text = JSON.stringify([value, value, text]); }"),
    ("json_keys", End::MemoryOrCpu, "const kept = []; for (let n = 0; ; n += 1) kept.push(JSON.parse('{' + Array.from({ length: 1000 }, (_, k) => `\"${n}_${k}\":${k}`) + '}'));"),
    ("json_cycle", End::Throws, "const o = {}; o.o = o; return JSON.stringify(o);"),
    ("json_to_json", End::Cpu, "return JSON.stringify({ toJSON() { for (;;); } });"),
    ("json_reviver", End::MemoryOrCpu, "const kept = []; return JSON.parse(JSON.stringify(new Array(1000000).fill({})), function (key, value) { kept.push(new Array(100).fill(key)); return value; });"),
    ("clone_deep", End::Whatever, "return structuredClone(deep(200000)).length;"),
    ("clone_wide", End::MemoryOrCpu, "let value = [new Array(10000).fill('x')]; for (;;) value = [value, structuredClone(value)];"),
    ("clone_buffers", End::MemoryOrCpu, "const kept = []; const b = new Uint8Array(MiB).fill(1); for (;;) kept.push(structuredClone(b));"),
    ("clone_modules", End::MemoryOrCpu, "const module = new WebAssembly.Module(loopModule); for (;;) structuredClone(module);"),
    // Promises, microtasks, async.
    ("promises", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(new Promise(() => {}));"),
    ("promise_chain", End::MemoryOrCpu, "const again = () => Promise.resolve().then(again); again(); return never;"),
    ("promise_links", End::MemoryOrCpu, "let p = never; for (;;) p = p.then((x) => x);"),
    ("promise_all", End::MemoryOrCpu, "for (;;) Promise.allSettled(new Array(100000).fill(never));"),
    ("promise_rejections", End::MemoryOrCpu, "for (;;) { for (let n = 0; n < 1000; n += 1) Promise.reject(new Error('x')); await null; }"),
    ("microtasks", End::Cpu, "const again = () => queueMicrotask(again); again(); return never;"),
    ("microtask_flood", End::MemoryOrCpu, "const again = () => { queueMicrotask(again); queueMicrotask(again); }; again(); return never;"),
    ("async_iterator", End::Cpu, "for await (const _ of (async function* () { for (;;) yield 1; })()); "),
    ("async_recursion", End::MemoryOrCpu, "const f = async () => { await null; await Promise.all([f(), f()]); }; await f();"),
    ("thenable", End::Cpu, "const t = { then(resolve) { resolve(t); } }; await t;"),
    // Timers and events.
    ("timers", End::Throws, "for (;;) setTimeout(() => {}, 1000000);"),
    ("intervals", End::Throws, "for (;;) setInterval(() => {}, 1000000);"),
    ("timers_busy", End::Cpu, "const again = () => { const end = Date.now() + 5; while (Date.now() < end); setTimeout(again, 0); }; again(); return never;"),
    ("timers_timeout_signals", End::Throws, "const kept = []; for (;;) kept.push(AbortSignal.timeout(1000000));"),
    ("abort_listeners", End::MemoryOrCpu, "const c = new AbortController(); for (let n = 0; ; n += 1) c.signal.addEventListener('abort', () => n);"),
    ("abort_any", End::Whatever, "let s = new AbortController().signal; for (let n = 0; n < 100000; n += 1) s = AbortSignal.any([s]); return String(s.aborted);"),
    ("event_recursion", End::Whatever, "const t = new EventTarget(); t.addEventListener('x', () => t.dispatchEvent(new Event('x'))); t.dispatchEvent(new Event('x')); return 'done';"),
    ("message_channels", End::Whatever, "const kept = []; for (let n = 0; n < 20000; n += 1) kept.push(new MessageChannel()); return kept.length;"),
    ("message_flood", End::MemoryOrCpu, "const { port1 } = new MessageChannel(); for (;;) port1.postMessage('x'.repeat(MiB));"),
    ("wait_until", End::MemoryOrCpu, "for (;;) ctx.waitUntil(new Promise(() => {}));"),
    ("hang", End::Hangs, "setInterval(() => {}, 50); return never;"),
    // Streams.
    ("stream_enqueue", End::Memory, "new ReadableStream({ start(c) { for (;;) c.enqueue(new Uint8Array(MiB).fill(1)); } });"),
    ("stream_tee", End::Memory, "const [a] = new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(MiB).fill(1)); } }).tee(); const r = a.getReader(); for (;;) await r.read();"),
    ("stream_transform", End::MemoryOrCpu, "const t = new TransformStream({ transform(chunk, c) { for (;;) c.enqueue(new Uint8Array(65536).fill(1)); } }); t.readable.getReader().read(); await t.writable.getWriter().write(1); return never;"),
    ("stream_writes", End::MemoryOrCpu, "const w = new WritableStream({ write: () => never }).getWriter(); for (;;) w.write(new Array(1000).fill(1)).catch(() => {});"),
    ("stream_pull_loop", End::Cpu, "return new Response(new ReadableStream({ pull() { for (;;); } })).text();"),
    ("stream_pipes", End::MemoryOrCpu, "let s = new ReadableStream({ pull(c) { c.enqueue(1); } }); for (;;) s = s.pipeThrough(new TransformStream());"),
    ("stream_text", End::MemoryOrCpu, "return (await new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(MiB).fill(65)); } })).text()).length;"),
    ("streams", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(new TransformStream(), new ReadableStream({ type: 'bytes' }));"),
    ("response_endless", End::Whatever, "return new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(65536)); } }));"),
    ("compression_bomb", End::MemoryOrCpu, "const bomb = await zip(await zip(new Uint8Array(16 * MiB), 'gzip'), 'gzip'); const once = (bytes) => new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer(); const kept = []; for (;;) kept.push(await once(await once(bomb)));"),
    ("compression_write", End::MemoryOrCpu, "const part = await zip(new Uint8Array(8 * MiB), 'deflate-raw'); const d = new DecompressionStream('gzip'); const all = await zip(new Uint8Array(32 * MiB), 'gzip'); const many = new Uint8Array(all.length * 500); for (let n = 0; n < 500; n += 1) many.set(all, n * all.length); const w = d.writable.getWriter(); w.write(many).catch(() => {}); const r = d.readable.getReader(); for (;;) if ((await r.read()).done) return part.length;"),
    ("compression_streams", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(new CompressionStream('brotli'), new CompressionStream('gzip'), new DecompressionStream('brotli'));"),
    // Web interfaces.
    ("blobs", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(new Blob(['x'.repeat(MiB)]));"),
    ("blob_slices", End::MemoryOrCpu, "const blob = new Blob(['x'.repeat(MiB)]); const kept = []; for (;;) kept.push(blob.slice(1), new Blob([blob, blob]));"),
    ("form_data", End::MemoryOrCpu, "const f = new FormData(); for (let n = 0; ; n += 1) f.append('k' + n, 'v'.repeat(1000));"),
    ("form_parse", End::Whatever, "return [...(await new Response('a=' + '&b'.repeat(2000000), { headers: { 'content-type': 'application/x-www-form-urlencoded' } }).formData())].length;"),
    ("headers", End::MemoryOrCpu, "const h = new Headers(); for (let n = 0; ; n += 1) h.append('x-' + n, 'v'.repeat(1000));"),
    ("url_params", End::MemoryOrCpu, "const p = new URLSearchParams(); for (let n = 0; ; n += 1) p.append('k' + n, 'v'.repeat(1000));"),
    ("urls", End::MemoryOrCpu, "const kept = []; for (let n = 0; ; n += 1) kept.push(new URL('http://example.com/' + 'a/'.repeat(1000) + n));"),
    ("requests", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(new Request(self, { method: 'POST', body: 'x'.repeat(10000) }).clone());"),
    ("digests", End::MemoryOrCpu, "const kept = []; const b = new Uint8Array(MiB); for (;;) kept.push(crypto.subtle.digest('SHA-512', b));"),
    ("keys", End::MemoryOrCpu, "const kept = []; for (;;) kept.push(crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']));"),
    ("performance", End::MemoryOrCpu, "for (let n = 0; ; n += 1) performance.mark('m' + n, { detail: new Array(100).fill(n) });"),
    ("intl_formatters", End::MemoryOrCpu, "const kept = []; for (let n = 0; ; n += 1) kept.push(new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', dateStyle: 'full' }), new Intl.NumberFormat('de', { style: 'currency', currency: 'EUR' }));"),
    ("intl_segments", End::MemoryOrCpu, "const kept = []; const s = new Intl.Segmenter('th', { granularity: 'word' }); for (;;) kept.push([...s.segment('\\u0e01'.repeat(10000))]);"),
    // Host calls.
    ("console", End::Cpu, "for (;;) console.log('x'.repeat(100000));"),
    ("console_deep", End::Whatever, "console.log(deep(100000), new Map([[deep(1000), new Array(1e6)]])); return 'logged';"),
    ("fetches", End::Whatever, "const kept = []; for (let n = 0; n < 5000; n += 1) kept.push(fetch('http://10.0.0.1/').catch((e) => e.message)); return (await Promise.all(kept)).length;"),
    ("fetch_data", End::MemoryOrCpu, "const kept = []; const url = 'data:,' + 'x'.repeat(MiB); for (;;) kept.push(await (await fetch(url)).arrayBuffer());"),
    ("kv_puts", End::Whatever, "for (let n = 0; ; n += 1) await env.KV.put('k' + n, 'x');"),
    ("kv_values", End::Whatever, "await env.KV.put('large', new Uint8Array(20 * MiB)); const kept = []; for (let n = 0; n < 500; n += 1) kept.push(env.KV.get('large', 'arrayBuffer')); return (await Promise.all(kept)).length;"),
    ("kv_flood", End::Whatever, "const kept = []; for (let n = 0; n < 100000; n += 1) kept.push(env.KV.get('k' + n)); return (await Promise.all(kept)).length;"),
    ("files", End::Throws, "const root = await navigator.storage.getDirectory(); for (let n = 0; ; n += 1) await root.getFileHandle('f' + n, { create: true });"),
    ("imports", End::Whatever, "const kept = []; for (let n = 0; n < 20000; n += 1) kept.push(import('./other.js?' + n).catch((e) => e.name)); return (await Promise.all(kept)).length;"),
    ("code", End::Throws, "return new Function('return ' + '('.repeat(100000) + '1' + ')'.repeat(100000))();"),
    ("atomics", End::Whatever, "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return 'waited';"),
    ("atomics_async", End::Whatever, "const a = new Int32Array(new SharedArrayBuffer(4)); const kept = []; for (let n = 0; n < 100000; n += 1) kept.push(Atomics.waitAsync(a, 0, 0, 1000000)); return kept.length;"),
];
