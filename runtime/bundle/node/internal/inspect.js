import process from "node:internal/process_lite";
//#region \0rolldown/runtime.js
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __commonJSMin = (cb, mod) => () => (mod || (cb((mod = { exports: {} }).exports, mod), cb = null), mod.exports);
var __copyProps = (to, from, except, desc) => {
	if (from && typeof from === "object" || typeof from === "function") for (var keys = __getOwnPropNames(from), i = 0, n = keys.length, key; i < n; i++) {
		key = keys[i];
		if (!__hasOwnProp.call(to, key) && key !== except) __defProp(to, key, {
			get: ((k) => from[k]).bind(null, key),
			enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable
		});
	}
	return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(isNodeMode || !mod || !mod.__esModule || !__hasOwnProp.call(mod, "default") ? __defProp(target, "default", {
	value: mod,
	enumerable: true
}) : target, mod));
const { inspect, format, formatWithOptions, stripVTControlCharacters, stylizeWithColor, stylizeWithHTML, Proxy: Proxy$1 } = __toESM(__commonJSMin(((exports, module) => {
	(function(t, e) {
		"object" == typeof exports && "object" == typeof module ? module.exports = e() : "function" == typeof define && define.amd ? define([], e) : "object" == typeof exports ? exports.util = e() : t.util = e();
	})(exports, () => (() => {
		"use strict";
		var t = {
			537(t, e, n) {
				const { ArrayPrototypeMap: o } = n(683);
				e.h = class {
					hexSlice(t = 0, e) {
						return o(this.slice(t, e), (t) => ("00" + t.toString(16)).slice(-2)).join("");
					}
				};
			},
			223(t, e, n) {
				const r = n(683), { AggregateError: o, AggregateErrorPrototype: i, Array: l, ArrayBuffer: s, ArrayBufferPrototype: c, ArrayIsArray: a, ArrayPrototype: u, ArrayPrototypeFilter: f, ArrayPrototypeForEach: p, ArrayPrototypeIncludes: y, ArrayPrototypeIndexOf: g, ArrayPrototypeJoin: h, ArrayPrototypeMap: d, ArrayPrototypePop: m, ArrayPrototypePush: b, ArrayPrototypePushApply: $, ArrayPrototypeSlice: P, ArrayPrototypeSort: S, ArrayPrototypeSplice: x, ArrayPrototypeUnshift: A, BigIntPrototypeValueOf: v, Boolean: _, BooleanPrototype: w, BooleanPrototypeValueOf: O, DataView: E, DataViewPrototype: R, Date: L, DatePrototype: k, DatePrototypeGetTime: I, DatePrototypeToISOString: j, DatePrototypeToString: z, Error: B, ErrorPrototype: T, ErrorPrototypeToString: M, Function: N, FunctionPrototype: F, FunctionPrototypeBind: C, FunctionPrototypeCall: D, FunctionPrototypeSymbolHasInstance: W, FunctionPrototypeToString: H, JSONStringify: U, Map: G, MapPrototype: V, MapPrototypeEntries: Z, MapPrototypeGetSize: Y, MathFloor: q, MathMax: J, MathMin: K, MathRound: Q, MathSqrt: X, MathTrunc: tt, Number: et, NumberIsFinite: nt, NumberIsNaN: rt, NumberParseFloat: ot, NumberParseInt: it, NumberPrototype: lt, NumberPrototypeToString: st, NumberPrototypeValueOf: ct, Object: at, ObjectAssign: ut, ObjectDefineProperty: ft, ObjectGetOwnPropertyDescriptor: pt, ObjectGetOwnPropertyNames: yt, ObjectGetOwnPropertySymbols: gt, ObjectGetPrototypeOf: ht, ObjectIs: dt, ObjectKeys: mt, ObjectPrototype: bt, ObjectPrototypeHasOwnProperty: $t, ObjectPrototypePropertyIsEnumerable: Pt, ObjectPrototypeToString: St, ObjectSeal: xt, ObjectSetPrototypeOf: At, Promise: vt, PromisePrototype: _t, RangeError: wt, RangeErrorPrototype: Ot, ReflectApply: Et, ReflectOwnKeys: Rt, RegExp: Lt, RegExpPrototype: kt, RegExpPrototypeExec: It, RegExpPrototypeSymbolReplace: jt, RegExpPrototypeSymbolSplit: zt, RegExpPrototypeToString: Bt, SafeMap: Tt, SafeSet: Mt, SafeStringIterator: Nt, Set: Ft, SetPrototype: Ct, SetPrototypeGetSize: Dt, SetPrototypeValues: Wt, String: Ht, StringPrototype: Ut, StringPrototypeCharCodeAt: Gt, StringPrototypeCodePointAt: Vt, StringPrototypeEndsWith: Zt, StringPrototypeIncludes: Yt, StringPrototypeIndexOf: qt, StringPrototypeLastIndexOf: Jt, StringPrototypeNormalize: Kt, StringPrototypePadEnd: Qt, StringPrototypePadStart: Xt, StringPrototypeRepeat: te, StringPrototypeReplace: ee, StringPrototypeReplaceAll: ne, StringPrototypeSlice: re, StringPrototypeSplit: oe, StringPrototypeStartsWith: ie, StringPrototypeToLowerCase: le, StringPrototypeValueOf: se, SymbolIterator: ce, SymbolPrototypeToString: ae, SymbolPrototypeValueOf: ue, SymbolToPrimitive: fe, SymbolToStringTag: pe, TypeError: ye, TypeErrorPrototype: ge, TypedArray: he, TypedArrayPrototype: de, TypedArrayPrototypeGetLength: me, TypedArrayPrototypeGetSymbolToStringTag: be, Uint8Array: $e, WeakMap: Pe, WeakMapPrototype: Se, WeakSet: xe, WeakSetPrototype: Ae, globalThis: ve, internalBinding: _e, uncurryThis: we } = r, { constants: { ALL_PROPERTIES: Oe, ONLY_ENUMERABLE: Ee, kPending: Re, kRejected: Le }, getOwnNonIndexProperties: ke, getPromiseDetails: Ie, getProxyDetails: je, previewEntries: ze, getConstructorName: Be, getExternalValue: Te, Proxy: Me } = n(727), { customInspectSymbol: Ne, isError: Fe, join: Ce, removeColors: De } = n(101), { isStackOverflowError: We } = n(778), { isAsyncFunction: He, isGeneratorFunction: Ue, isAnyArrayBuffer: Ge, isArrayBuffer: Ve, isArgumentsObject: Ze, isBoxedPrimitive: Ye, isDataView: qe, isExternal: Je, isMap: Ke, isMapIterator: Qe, isModuleNamespaceObject: Xe, isNativeError: tn, isPromise: en, isSet: nn, isSetIterator: rn, isWeakMap: on, isWeakSet: ln, isRegExp: sn, isDate: cn, isTypedArray: an, isStringObject: un, isNumberObject: fn, isBooleanObject: pn, isBigIntObject: yn } = n(499), gn = n(123), { BuiltinModule: hn } = n(947), { validateObject: dn, validateString: mn, kValidateObjectAllowArray: bn } = n(302);
				let $n, Pn, Sn;
				function xn(t) {
					return Pn = Pn || n(812), Pn.pathToFileURL(t).href;
				}
				const An = new Mt(f(yt(ve), (t) => null !== It(/^[A-Z][a-zA-Z0-9]+$/, t))), vn = (t) => void 0 === t && void 0 !== t, _n = xt({
					showHidden: !1,
					depth: 2,
					colors: !1,
					customInspect: !0,
					showProxy: !1,
					maxArrayLength: 100,
					maxStringLength: 1e4,
					breakLength: 80,
					compact: 3,
					sorted: !1,
					getters: !1,
					numericSeparator: !1
				}), wn = /[\x00-\x1f\x27\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/, On = /[\x00-\x1f\x27\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, En = /[\x00-\x1f\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/, Rn = /[\x00-\x1f\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, Ln = /^[a-zA-Z_][a-zA-Z_0-9]*$/, kn = /^(0|[1-9][0-9]*)$/, In = /^ {4}at (?:[^/\\(]+ \(|)node:(.+):\d+:\d+\)?$/, jn = /^(\s+[^(]*?)\s*{/, zn = /(\/\/.*?\n)|(\/\*(.|\n)*?\*\/)/g, Bn = [
					"\\x00",
					"\\x01",
					"\\x02",
					"\\x03",
					"\\x04",
					"\\x05",
					"\\x06",
					"\\x07",
					"\\b",
					"\\t",
					"\\n",
					"\\x0B",
					"\\f",
					"\\r",
					"\\x0E",
					"\\x0F",
					"\\x10",
					"\\x11",
					"\\x12",
					"\\x13",
					"\\x14",
					"\\x15",
					"\\x16",
					"\\x17",
					"\\x18",
					"\\x19",
					"\\x1A",
					"\\x1B",
					"\\x1C",
					"\\x1D",
					"\\x1E",
					"\\x1F",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"\\'",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"\\\\",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"",
					"\\x7F",
					"\\x80",
					"\\x81",
					"\\x82",
					"\\x83",
					"\\x84",
					"\\x85",
					"\\x86",
					"\\x87",
					"\\x88",
					"\\x89",
					"\\x8A",
					"\\x8B",
					"\\x8C",
					"\\x8D",
					"\\x8E",
					"\\x8F",
					"\\x90",
					"\\x91",
					"\\x92",
					"\\x93",
					"\\x94",
					"\\x95",
					"\\x96",
					"\\x97",
					"\\x98",
					"\\x99",
					"\\x9A",
					"\\x9B",
					"\\x9C",
					"\\x9D",
					"\\x9E",
					"\\x9F"
				], Tn = new Lt("[\\u001B\\u009B][[\\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]+)*|[a-zA-Z\\d]+(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]*)*)?(?:\\u0007|\\u001B\\u005C|\\u009C))|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-nq-uy=><~]))", "g");
				let Mn;
				function Nn(t, e) {
					const n = {
						budget: {},
						indentationLvl: 0,
						seen: [],
						currentDepth: 0,
						stylize: Zn,
						showHidden: _n.showHidden,
						depth: _n.depth,
						colors: _n.colors,
						customInspect: _n.customInspect,
						showProxy: _n.showProxy,
						maxArrayLength: _n.maxArrayLength,
						maxStringLength: _n.maxStringLength,
						breakLength: _n.breakLength,
						compact: _n.compact,
						sorted: _n.sorted,
						getters: _n.getters,
						numericSeparator: _n.numericSeparator
					};
					if (arguments.length > 1) {
						if (arguments.length > 2 && (void 0 !== arguments[2] && (n.depth = arguments[2]), arguments.length > 3 && void 0 !== arguments[3] && (n.colors = arguments[3])), "boolean" == typeof e) n.showHidden = e;
						else if (e) {
							const t = mt(e);
							for (let r = 0; r < t.length; ++r) {
								const o = t[r];
								$t(_n, o) || "stylize" === o ? n[o] = e[o] : void 0 === n.userOptions && (n.userOptions = e);
							}
						}
					}
					return n.colors && (n.stylize = Vn), null === n.maxArrayLength && (n.maxArrayLength = 1 / 0), null === n.maxStringLength && (n.maxStringLength = 1 / 0), nr(n, t, 0);
				}
				Nn.custom = Ne, ft(Nn, "defaultOptions", {
					__proto__: null,
					get: () => _n,
					set: (t) => (dn(t, "options"), ut(_n, t))
				});
				const Fn = 39, Cn = 49;
				function Dn(t, e) {
					ft(Nn.colors, e, {
						__proto__: null,
						get() {
							return this[t];
						},
						set(e) {
							this[t] = e;
						},
						configurable: !0,
						enumerable: !1
					});
				}
				Nn.colors = {
					__proto__: null,
					reset: [0, 0],
					bold: [1, 22],
					dim: [2, 22],
					italic: [3, 23],
					underline: [4, 24],
					blink: [5, 25],
					inverse: [7, 27],
					hidden: [8, 28],
					strikethrough: [9, 29],
					doubleunderline: [21, 24],
					black: [30, Fn],
					red: [31, Fn],
					green: [32, Fn],
					yellow: [33, Fn],
					blue: [34, Fn],
					magenta: [35, Fn],
					cyan: [36, Fn],
					white: [37, Fn],
					bgBlack: [40, Cn],
					bgRed: [41, Cn],
					bgGreen: [42, Cn],
					bgYellow: [43, Cn],
					bgBlue: [44, Cn],
					bgMagenta: [45, Cn],
					bgCyan: [46, Cn],
					bgWhite: [47, Cn],
					framed: [51, 54],
					overlined: [53, 55],
					gray: [90, Fn],
					redBright: [91, Fn],
					greenBright: [92, Fn],
					yellowBright: [93, Fn],
					blueBright: [94, Fn],
					magentaBright: [95, Fn],
					cyanBright: [96, Fn],
					whiteBright: [97, Fn],
					bgGray: [100, Cn],
					bgRedBright: [101, Cn],
					bgGreenBright: [102, Cn],
					bgYellowBright: [103, Cn],
					bgBlueBright: [104, Cn],
					bgMagentaBright: [105, Cn],
					bgCyanBright: [106, Cn],
					bgWhiteBright: [107, Cn]
				}, Dn("gray", "grey"), Dn("gray", "blackBright"), Dn("bgGray", "bgGrey"), Dn("bgGray", "bgBlackBright"), Dn("dim", "faint"), Dn("strikethrough", "crossedout"), Dn("strikethrough", "strikeThrough"), Dn("strikethrough", "crossedOut"), Dn("hidden", "conceal"), Dn("inverse", "swapColors"), Dn("inverse", "swapcolors"), Dn("doubleunderline", "doubleUnderline"), Nn.styles = ut({ __proto__: null }, {
					special: "cyan",
					number: "yellow",
					bigint: "yellow",
					boolean: "yellow",
					undefined: "grey",
					null: "bold",
					string: "green",
					symbol: "green",
					date: "magenta",
					regexp: function t(e) {
						let n = "", r = 0, o = 0, i = !1;
						const l = (t.colors?.length > 0 ? t.colors : Wn).reduce((t, e) => {
							const n = Nn.colors[e];
							return n && t.push([`[${n[0]}m`, `[${n[1]}m`]), t;
						}, []);
						function s(t, n, i = 1) {
							let l = "";
							for (r++; r < e.length && e[r] !== n;) l += e[r++];
							r < e.length ? (o -= i, c(t), a(l, 1, 1), c(n), o += i) : a(t, 1, -l.length);
						}
						const c = (t) => {
							const e = o % l.length, r = l[e] ?? l[0];
							return n += r[0] + t + r[1], e;
						};
						function a(t, e, n) {
							o += e, c(t), o -= e, r += n;
						}
						for (c("/"), o++, r = 1; r < e.length;) {
							const t = e[r];
							if (i) if ("\\" === t) {
								let t = "\\";
								if (r++, r < e.length) {
									t += e[r++];
									const n = t[1];
									if ("u" === n && "{" === e[r]) {
										s(`${t}{`, "}", 0);
										continue;
									}
									if (("p" === n || "P" === n) && "{" === e[r]) {
										s(`${t}{`, "}", 0);
										continue;
									}
									"x" === t[1] && (t += e.slice(r, r + 2), r += 2);
								}
								c(t);
							} else "]" === t ? (o--, c("]"), r++, i = !1) : "-" === t && "[" !== e[r - 1] && r + 1 < e.length && "]" !== e[r + 1] ? a("-", 1, 1) : (c(t), r++);
							else if ("[" === t) c("["), o++, r++, i = !0;
							else if ("(" === t) {
								if (c("("), o++, r++, r < e.length && "?" === e[r]) {
									r++;
									const t = r < e.length ? e[r] : "";
									if (":" === t || "=" === t || "!" === t) a(`?${t}`, -1, 1);
									else {
										const n = r + 1 < e.length ? e[r + 1] : "";
										if ("<" !== t || "=" !== n && "!" !== n) if ("<" === t) {
											r++;
											const t = r;
											for (; r < e.length && ">" !== e[r];) r++;
											const n = e.slice(t, r);
											r < e.length && ">" === e[r] ? (o--, c("?<"), a(n, 1, 0), c(">"), o++, r++) : (a("?<", -1, 0), c(n));
										} else c("?");
										else a(`?<${n}`, -1, 2);
									}
								}
							} else if (")" === t) o--, c(")"), r++;
							else if ("\\" === t) {
								let t = "\\";
								if (r++, r < e.length) {
									t += e[r++];
									const n = t[1];
									if (r < e.length) {
										if ("u" === n && "{" === e[r]) {
											s(`${t}{`, "}", 0);
											continue;
										}
										if ("x" === n) t += e.slice(r, r + 2), r += 2;
										else if (n >= "0" && n <= "9") for (; r < e.length && e[r] >= "0" && e[r] <= "9";) t += e[r++];
										else {
											if ("k" === n && "<" === e[r]) {
												s(`${t}<`, ">");
												continue;
											}
											if (("p" === n || "P" === n) && "{" === e[r]) {
												s(`${t}{`, "}", 0);
												continue;
											}
										}
									}
								}
								a(t, 1, 0);
							} else if ("|" === t || "+" === t || "*" === t || "?" === t || "," === t || "^" === t || "$" === t) a(t, 3, 1);
							else if ("{" === t) {
								r++;
								let t = "";
								for (; r < e.length && e[r] >= "0" && e[r] <= "9";) t += e[r++];
								if (t && (c("{"), o++, a(t, 1, 0)), r < e.length) {
									if ("," === e[r]) t || (c("{"), o++), c(","), r++;
									else if (!t) {
										o += 1, c("{"), o -= 1;
										continue;
									}
								}
								let n = "";
								for (; r < e.length && e[r] >= "0" && e[r] <= "9";) n += e[r++];
								n && a(n, 1, 0), r < e.length && "}" === e[r] && (o--, c("}"), r++), r < e.length && "?" === e[r] && a("?", 3, 1);
							} else if ("." === t) a(t, 2, 1);
							else {
								if ("/" === t) break;
								a(t, 1, 1);
							}
						}
						return a("/", -1, 1), r < e.length && c(e.slice(r)), n;
					},
					module: "underline"
				}), Nn.styles.regexp.colors = [
					"green",
					"red",
					"yellow",
					"cyan",
					"magenta"
				];
				const Wn = Nn.styles.regexp.colors.slice();
				function Hn(t, e) {
					return -1 === e ? `"${t}"` : -2 === e ? `\`${t}\`` : `'${t}'`;
				}
				function Un(t) {
					const e = Gt(t);
					return Bn.length > e ? Bn[e] : `\\u${st(e, 16)}`;
				}
				function Gn(t) {
					let e = wn, n = On, r = 39;
					if (Yt(t, "'") && (Yt(t, "\"") ? Yt(t, "`") || Yt(t, "${") || (r = -2) : r = -1, 39 !== r && (e = En, n = Rn)), t.length < 5e3 && null === It(e, t)) return Hn(t, r);
					if (t.length > 100) return Hn(t = jt(n, t, Un), r);
					let o = "", i = 0;
					for (let e = 0; e < t.length; e++) {
						const n = Gt(t, e);
						if (n === r || 92 === n || n < 32 || n > 126 && n < 160) o += i === e ? Bn[n] : `${re(t, i, e)}${Bn[n]}`, i = e + 1;
						else if (n >= 55296 && n <= 57343) {
							if (n <= 56319 && e + 1 < t.length) {
								const n = Gt(t, e + 1);
								if (n >= 56320 && n <= 57343) {
									e++;
									continue;
								}
							}
							o += `${re(t, i, e)}\\u${st(n, 16)}`, i = e + 1;
						}
					}
					return i !== t.length && (o += re(t, i)), Hn(o, r);
				}
				function Vn(t, e) {
					const n = Nn.styles[e];
					if (void 0 !== n) {
						const e = Nn.colors[n];
						if (void 0 !== e) return `[${e[0]}m${t}[${e[1]}m`;
						if ("function" == typeof n) return n(t);
					}
					return t;
				}
				function Zn(t) {
					return t;
				}
				function Yn() {
					return [];
				}
				function qn(t, e) {
					try {
						return t instanceof e;
					} catch {
						return !1;
					}
				}
				const Jn = new Tt().set(u, {
					name: "Array",
					constructor: l
				}).set(c, {
					name: "ArrayBuffer",
					constructor: s
				}).set(F, {
					name: "Function",
					constructor: N
				}).set(V, {
					name: "Map",
					constructor: G
				}).set(Ct, {
					name: "Set",
					constructor: Ft
				}).set(bt, {
					name: "Object",
					constructor: at
				}).set(de, {
					name: "TypedArray",
					constructor: he
				}).set(kt, {
					name: "RegExp",
					constructor: Lt
				}).set(k, {
					name: "Date",
					constructor: L
				}).set(R, {
					name: "DataView",
					constructor: E
				}).set(T, {
					name: "Error",
					constructor: B
				}).set(i, {
					name: "AggregateError",
					constructor: o
				}).set(Ot, {
					name: "RangeError",
					constructor: wt
				}).set(ge, {
					name: "TypeError",
					constructor: ye
				}).set(w, {
					name: "Boolean",
					constructor: _
				}).set(lt, {
					name: "Number",
					constructor: et
				}).set(Ut, {
					name: "String",
					constructor: Ht
				}).set(_t, {
					name: "Promise",
					constructor: vt
				}).set(Se, {
					name: "WeakMap",
					constructor: Pe
				}).set(Ae, {
					name: "WeakSet",
					constructor: xe
				});
				function Kn(t, e, n, r) {
					let o;
					const i = t;
					for (; t || vn(t);) {
						const l = Jn.get(t);
						if (void 0 !== l) {
							const { name: s, constructor: c } = l;
							if (W(c, i)) return void 0 !== r && o !== t && Qn(e, i, o || i, n, r), s;
						}
						const s = pt(t, "constructor");
						if (void 0 !== s && "function" == typeof s.value && "" !== s.value.name && qn(i, s.value)) return void 0 === r || o === t && An.has(s.value.name) || Qn(e, i, o || i, n, r), Ht(s.value.name);
						t = ht(t), void 0 === o && (o = t);
					}
					if (null === o) return null;
					const l = Be(i);
					if (n > e.depth && null !== e.depth) return `${l} <Complex prototype>`;
					const s = Kn(o, e, n + 1, r);
					return null === s ? `${l} <${Nn(o, {
						...e,
						customInspect: !1,
						depth: -1
					})}>` : `${l} <${s}>`;
				}
				function Qn(t, e, n, r, o) {
					let i, l, s = 0;
					do {
						if (0 !== s || e === n) {
							if (null === (n = ht(n))) return;
							const t = pt(n, "constructor");
							if (void 0 !== t && "function" == typeof t.value && An.has(t.value.name)) return;
						}
						0 === s ? l = new Mt() : p(i, (t) => l.add(t)), i = Rt(n), b(t.seen, e);
						for (const c of i) {
							if ("constructor" === c || $t(e, c) || 0 !== s && l.has(c)) continue;
							const i = pt(n, c);
							if ("function" == typeof i.value) continue;
							const a = Er(t, n, r, c, 0, i, e);
							t.colors ? b(o, `[2m${a}[22m`) : b(o, a);
						}
						m(t.seen);
					} while (3 !== ++s);
				}
				function Xn(t, e, n, r = "") {
					if (null === t) return "" !== e && n !== e ? `[${n}${r}: null prototype] [${e}] ` : `[${n}${r}: null prototype] `;
					let o = `${t}${r} `;
					if ("" !== e) {
						const n = t.indexOf(e);
						if (-1 === n) o += `[${e}] `;
						else {
							const r = n + e.length;
							r !== t.length && t[r] === t[r].toLowerCase() && (o += `[${e}] `);
						}
					}
					return o;
				}
				function tr(t, e) {
					let n;
					const r = gt(t);
					if (e) n = yt(t), 0 !== r.length && $(n, r);
					else {
						try {
							n = mt(t);
						} catch (e) {
							gn(tn(e) && "ReferenceError" === e.name && Xe(t)), n = yt(t);
						}
						0 !== r.length && $(n, f(r, (e) => Pt(t, e)));
					}
					return n;
				}
				function er(t, e, n) {
					let r = "";
					return null === e && (r = Be(t), r === n && (r = "Object")), Xn(e, n, r);
				}
				function nr(t, e, o, i) {
					if ("object" != typeof e && "function" != typeof e && !vn(e)) return pr(t.stylize, e, t);
					if (null === e) return t.stylize("null", "null");
					const l = e;
					let s = 0, c = je(e, !!t.showProxy);
					if (void 0 !== c) {
						if (t.showProxy) return null === c[0] ? t.stylize("<Revoked Proxy>", "special") : function(t, e, n) {
							if (n > t.depth && null !== t.depth) return t.stylize("Proxy [Array]", "special");
							n += 1, t.indentationLvl += 2;
							const r = [nr(t, e[0], n), nr(t, e[1], n)];
							return t.indentationLvl -= 2, Lr(t, r, "", ["Proxy [", "]"], 2, n);
						}(t, c, o);
						do {
							if (null === c) {
								let e = t.stylize("<Revoked Proxy>", "special");
								for (let n = 0; n < s; n++) e = `${t.stylize("Proxy(", "special")}${e}${t.stylize(")", "special")}`;
								return e;
							}
							c = je(e = c, !1), s += 1;
						} while (void 0 !== c);
					}
					if (t.customInspect) {
						const n = e[Ne];
						if ("function" == typeof n && n !== Nn && pt(e, "constructor")?.value?.prototype !== e) {
							const e = null === t.depth ? null : t.depth - o, r = 0 !== s || !W(at, l), i = D(n, l, e, function(t, e) {
								const n = {
									stylize: t.stylize,
									showHidden: t.showHidden,
									depth: t.depth,
									colors: t.colors,
									customInspect: t.customInspect,
									showProxy: t.showProxy,
									maxArrayLength: t.maxArrayLength,
									maxStringLength: t.maxStringLength,
									breakLength: t.breakLength,
									compact: t.compact,
									sorted: t.sorted,
									getters: t.getters,
									numericSeparator: t.numericSeparator,
									...t.userOptions
								};
								if (e) {
									At(n, null);
									for (const t of mt(n)) "object" != typeof n[t] && "function" != typeof n[t] || null === n[t] || delete n[t];
									n.stylize = At((e, n) => {
										let r;
										try {
											r = `${t.stylize(e, n)}`;
										} catch {}
										return "string" != typeof r ? e : r;
									}, null);
								}
								return n;
							}(t, r), Nn);
							if (i !== l) return "string" != typeof i ? nr(t, i, o) : ne(i, "\n", `\n${te(" ", t.indentationLvl)}`);
						}
					}
					if (t.seen.includes(e)) {
						let n = 1;
						return void 0 === t.circular ? (t.circular = new Tt(), t.circular.set(e, n)) : (n = t.circular.get(e), void 0 === n && (n = t.circular.size + 1, t.circular.set(e, n))), t.stylize(`[Circular *${n}]`, "special");
					}
					let u = function(t, e, o, i) {
						let l, s;
						t.showHidden && (o <= t.depth || null === t.depth) && (s = []);
						const c = Kn(e, t, o, s);
						void 0 !== s && 0 === s.length && (s = void 0);
						let u = "";
						try {
							u = e[pe];
						} catch {}
						("string" != typeof u || "" !== u && (t.showHidden ? $t : Pt)(e, pe)) && (u = "");
						let f, p, d = "", m = Yn, _ = !0;
						const w = t.showHidden ? Oe : Ee;
						let E, R, L = 0;
						if (ce in e || null === c) if (_ = !1, a(e)) {
							const t = "Array" !== c || "" !== u ? Xn(c, u, "Array", `(${e.length})`) : "";
							if (l = ke(e, w), f = [`${t}[`, "]"], 0 === e.length && 0 === l.length && void 0 === s) return `${f[0]}]`;
							L = 2, m = dr;
						} else if (nn(e)) {
							const n = Dt(e), r = Xn(c, u, "Set", `(${n})`);
							if (l = tr(e, t.showHidden), m = C(br, null, null !== c ? e : Wt(e)), 0 === n && 0 === l.length && void 0 === s) return `${r}{}`;
							f = [`${r}{`, "}"];
						} else if (Ke(e)) {
							const n = Y(e), r = Xn(c, u, "Map", `(${n})`);
							if (l = tr(e, t.showHidden), m = C($r, null, null !== c ? e : Z(e)), 0 === n && 0 === l.length && void 0 === s) return `${r}{}`;
							f = [`${r}{`, "}"];
						} else if (an(e)) {
							l = ke(e, w);
							let n = e, o = "";
							null === c && (o = be(e), n = new r[o](e));
							const s = me(e);
							if (f = [`${Xn(c, u, o, `(${s})`)}[`, "]"], 0 === e.length && 0 === l.length && !t.showHidden) return `${f[0]}]`;
							m = C(mr, null, n, s), L = 2, t.showHidden && (E = [
								"BYTES_PER_ELEMENT",
								"length",
								"byteLength",
								"byteOffset",
								"buffer"
							], i = !0);
						} else Qe(e) ? (l = tr(e, t.showHidden), f = rr("Map", u), m = C(_r, null, f)) : rn(e) ? (l = tr(e, t.showHidden), f = rr("Set", u), m = C(_r, null, f)) : _ = !0;
						if (_) {
							if (l = tr(e, t.showHidden), f = ["{", "}"], "function" == typeof e) {
								if (d = function(t, e, n, r) {
									const o = H(e);
									if (ie(o, "class") && "}" === o[o.length - 1]) {
										const t = re(o, 5, -1), i = qt(t, "{");
										if (-1 !== i && (!Yt(re(t, 0, i), "(") || null !== It(jn, jt(zn, t)))) return function(t, e, n) {
											let r = `class ${$t(t, "name") && t.name || "(anonymous)"}`;
											if ("Function" !== e && null !== e && (r += ` [${e}]`), "" !== n && e !== n && (r += ` [${n}]`), null !== e) {
												const e = ht(t).name;
												e && (r += ` extends ${e}`);
											} else r += " extends [null prototype]";
											return `[${r}]`;
										}(e, n, r);
									}
									let i = "Function";
									Ue(e) && (i = `Generator${i}`), He(e) && (i = `Async${i}`);
									let l = `[${i}`;
									return null === n && (l += " (null prototype)"), "" === e.name ? l += " (anonymous)" : l += `: ${"string" == typeof e.name ? e.name : nr(t, e.name)}`, l += "]", n !== i && null !== n && (l += ` ${n}`), "" !== r && n !== r && (l += ` [${r}]`), l;
								}(t, e, c, u), 0 === l.length && void 0 === s) return t.stylize(d, "special");
							} else if ("Object" === c) {
								if (Ze(e) ? f[0] = "[Arguments] {" : "" !== u && (f[0] = `${Xn(c, u, "Object")}{`), 0 === l.length && void 0 === s) return `${f[0]}}`;
							} else if (sn(e)) {
								d = Bt(null !== c ? e : new Lt(e));
								const n = Xn(c, u, "RegExp");
								if ("RegExp " !== n && (d = `${n}${d}`), d = t.stylize(d, "regexp"), 0 === l.length && void 0 === s || o > t.depth && null !== t.depth) return d;
							} else if (cn(e)) {
								d = rt(I(e)) ? z(e) : j(e);
								const n = Xn(c, u, "Date");
								if ("Date " !== n && (d = `${n}${d}`), 0 === l.length && void 0 === s) return t.stylize(d, "date");
							} else if (Fe(e)) {
								if (d = function(t, e, n, r, o) {
									let i, l, s;
									try {
										s = ir(r, t);
									} catch {
										return St(t);
									}
									let c = !1;
									try {
										i = t.message;
									} catch {
										c = !0;
									}
									let u = !1;
									try {
										l = t.name;
									} catch {
										u = !0;
									}
									if (!r.showHidden && 0 !== o.length) {
										const t = g(o, "stack");
										if (-1 !== t && x(o, t, 1), !c) {
											const t = g(o, "message");
											-1 === t || "string" == typeof i && !Yt(s, i) || x(o, t, 1);
										}
										if (!u) {
											const t = g(o, "name");
											-1 === t || "string" == typeof l && !Yt(s, l) || x(o, t, 1);
										}
									}
									l = l ?? "Error", !$t(t, "cause") || 0 !== o.length && y(o, "cause") || b(o, "cause");
									try {
										const e = t.errors;
										!a(e) || !$t(t, "errors") || 0 !== o.length && y(o, "errors") || b(o, "errors");
									} catch {}
									s = function(t, e, n, r) {
										let o = n.length;
										if ("string" != typeof n && (t = ee(t, `${n}`, `${n} [${re(Xn(e, r, "Error"), 0, -1)}]`)), null === e || Zt(n, "Error") && ie(t, n) && (t.length === o || ":" === t[o] || "\n" === t[o])) {
											let i = "Error";
											if (null === e) i = (It(/^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/, t) || It(/^([a-z_A-Z0-9-]*Error)$/, t))?.[1] || "", o = i.length, i = i || "Error";
											const l = re(Xn(e, r, i), 0, -1);
											n !== l && (t = Yt(l, n) ? 0 === o ? `${l}: ${t}` : `${l}${re(t, o)}` : `${l} [${n}]${re(t, o)}`);
										}
										return t;
									}(s, e, l, n);
									let f = i && qt(s, i) || -1;
									-1 !== f && (f += i.length);
									const p = qt(s, "\n    at", f);
									if (-1 === p) s = `[${s}]`;
									else {
										let e = re(s, 0, p);
										const n = function(t, e, n) {
											const r = oe(n, "\n");
											let o;
											try {
												({cause: o} = e);
											} catch {}
											if (null != o && Fe(o)) {
												const e = ir(t, o), n = qt(e, "\n    at");
												if (-1 !== n) {
													const { 0: i, 1: l } = or(r, oe(re(e, n + 1), "\n"));
													if (i > 0) {
														const e = i - 2, n = `    ... ${e} lines matching cause stack trace ...`;
														r.splice(l + 1, e, t.stylize(n, "undefined"));
													}
												}
											}
											if (r.length > 10) {
												const e = function(t) {
													const e = [], n = new Tt();
													for (let e = 0; e < t.length; e++) {
														const r = n.get(t[e]);
														void 0 === r ? n.set(t[e], [e]) : r[r.length] = e;
													}
													if (t.length - n.size <= 3) return e;
													for (let r = 0; r < t.length - 3; r++) {
														const o = n.get(t[r]);
														if (1 === o.length || o[o.length - 1] === r) continue;
														const i = o.indexOf(r) + 1;
														if (i === o.length) continue;
														let l, s = o[o.length - 1] - r;
														if (s < 3) continue;
														if (i + 1 < o.length) {
															let t = 0;
															for (let e = i; e < o.length; e++) {
																let n = o[e] - r;
																for (; 0 !== n;) {
																	const e = t % n;
																	0 !== t && (l = l || new Mt(), l.add(t)), t = n, n = e;
																}
																if (1 === t) break;
															}
															s = t, l && (l.delete(s), l = [...l]);
														}
														let c = s, a = 0, u = 0;
														for (let e = r + s;; e += s) {
															let n = 0;
															for (let o = 0; o < s && t[r + o] === t[e + o]; o++) n++;
															if (n === s) u++;
															else {
																if (!l?.length) break;
																0 !== u && c * a < s * u && (c = s, a = u), s = l.pop(), e = r, u = 0;
															}
														}
														0 !== a && c * a >= s * u && (s = c, u = a), u * s >= 3 && (e.push(r + s, s, u), r += s * (u + 1) - 1);
													}
													return e;
												}(r);
												for (let n = e.length - 3; n >= 0; n -= 3) {
													const o = e[n], i = e[n + 1], l = e[n + 2], s = `    ... collapsed ${i * l} duplicate lines matching above ` + (l > 1 ? `${i} lines ${l} times...` : "lines ...");
													r.splice(o, i * l, t.stylize(s, "undefined"));
												}
											}
											return r;
										}(r, t, re(s, p + 1));
										if (r.colors) {
											const t = function() {
												let t;
												try {
													t = process.cwd();
												} catch {
													return;
												}
												return t;
											}();
											let o;
											for (let i of n) {
												const n = It(In, i);
												if (null !== n && hn.exists(n[1])) e += `\n${r.stylize(i, "undefined")}`;
												else {
													if (e += "\n", i = lr(r, i), void 0 !== t) {
														let e = sr(r, i, t);
														e === i && (o = o || xn(t), e = sr(r, i, o)), i = e;
													}
													e += i;
												}
											}
										} else e += `\n${h(n, "\n")}`;
										s = e;
									}
									if (0 !== r.indentationLvl) {
										const t = te(" ", r.indentationLvl);
										s = ne(s, "\n", `\n${t}`);
									}
									return s;
								}(e, c, u, t, l), 0 === l.length && void 0 === s) return d;
							} else if (Ge(e)) {
								const n = Xn(c, u, Ve(e) ? "ArrayBuffer" : "SharedArrayBuffer");
								if (void 0 === i) m = hr;
								else if (0 === l.length && void 0 === s) return n + `{ [byteLength]: ${ur(t.stylize, e.byteLength, !1)} }`;
								f[0] = `${n}{`, E = ["byteLength"];
							} else if (qe(e)) f[0] = `${Xn(c, u, "DataView")}{`, E = [
								"byteLength",
								"byteOffset",
								"buffer"
							];
							else if (en(e)) f[0] = `${Xn(c, u, "Promise")}{`, m = wr;
							else if (ln(e)) f[0] = `${Xn(c, u, "WeakSet")}{`, m = t.showHidden ? Ar : xr;
							else if (on(e)) f[0] = `${Xn(c, u, "WeakMap")}{`, m = t.showHidden ? vr : xr;
							else if (Xe(e)) f[0] = `${Xn(c, u, "Module")}{`, m = yr.bind(null, l);
							else if (Ye(e)) {
								if (d = function(t, e, n, r, o) {
									let i, l;
									fn(t) ? (i = ct, l = "Number") : un(t) ? (i = se, l = "String", n.splice(0, t.length)) : pn(t) ? (i = O, l = "Boolean") : yn(t) ? (i = v, l = "BigInt") : (i = ue, l = "Symbol");
									let s = `[${l}`;
									return l !== r && (s += null === r ? " (null prototype)" : ` (${r})`), s += `: ${pr(Zn, i(t), e)}]`, "" !== o && o !== r && (s += ` [${o}]`), 0 !== n.length || e.stylize === Zn ? s : e.stylize(s, le(l));
								}(e, t, l, c, u), 0 === l.length && void 0 === s) return d;
							} else if (!function(t) {
								return Pn = Pn || n(812), "string" == typeof t.href && t instanceof Pn.URL;
							}(e) || o > t.depth && null !== t.depth) {
								if (0 === l.length && void 0 === s) {
									if (Je(e)) {
										const n = Te(e).toString(16);
										return t.stylize(`[External: ${n}]`, "special");
									}
									return `${er(e, c, u)}{}`;
								}
								f[0] = `${er(e, c, u)}{`;
							} else if (l = function(t) {
								return Sn = Sn || gt(new Pn.URL("http://user:pass@localhost:8080/?foo=bar#baz")), t.filter((t) => -1 === Sn[t]);
							}(l), d = e.href, 0 === l.length && void 0 === s) return d;
						}
						if (o > t.depth && null !== t.depth) {
							let n = re(er(e, c, u), 0, -1);
							return null !== c && (n = `[${n}]`), t.stylize(n, "special");
						}
						o += 1, t.seen.push(e), t.currentDepth = o;
						const k = t.indentationLvl;
						try {
							if (R = m(t, e, o), void 0 !== E) for (p = 0; p < E.length; p++) {
								let n;
								try {
									n = Or(t, e, o, E[p], i);
								} catch {
									n = Or(t, { [E[p]]: e.buffer[E[p]] }, o, E[p], i);
								}
								b(R, n);
							}
							for (p = 0; p < l.length; p++) b(R, Er(t, e, o, l[p], L));
							void 0 !== s && $(R, s);
						} catch (n) {
							if (!We(n)) throw n;
							return function(t, e, n, r) {
								return t.seen.pop(), t.indentationLvl = r, t.stylize(`[${n}: Inspection interrupted prematurely. Maximum call stack size exceeded.]`, "special");
							}(t, 0, re(er(e, c, u), 0, -1), k);
						}
						if (void 0 !== t.circular) {
							const n = t.circular.get(e);
							if (void 0 !== n) {
								const e = t.stylize(`<ref *${n}>`, "special");
								!0 !== t.compact ? d = "" === d ? e : `${e} ${d}` : f[0] = `${e} ${f[0]}`;
							}
						}
						if (t.seen.pop(), t.sorted) {
							const e = !0 === t.sorted ? void 0 : t.sorted;
							if (0 === L) S(R, e);
							else if (l.length > 1) {
								const t = S(P(R, R.length - l.length), e);
								A(t, R, R.length - l.length, l.length), Et(x, null, t);
							}
						}
						const B = Lr(t, R, d, f, L, o, e), T = (t.budget[t.indentationLvl] || 0) + B.length;
						return t.budget[t.indentationLvl] = T, T > 2 ** 27 && (t.depth = -1), B;
					}(t, e, o, i);
					if (0 !== s) for (let e = 0; e < s; e++) u = `${t.stylize("Proxy(", "special")}${u}${t.stylize(")", "special")}`;
					return u;
				}
				function rr(t, e) {
					return e !== `${t} Iterator` && ("" !== e && (e += "] ["), e += `${t} Iterator`), [`[${e}] {`, "}"];
				}
				function or(t, e) {
					for (let n = 0; n < t.length - 3; n++) {
						const r = g(e, t[n]);
						if (-1 !== r) {
							const o = e.length - r;
							if (o > 3) {
								let i = 1;
								const l = K(t.length - n, o);
								for (; l > i && t[n + i] === e[r + i];) i++;
								if (i > 3) return [i, n];
							}
						}
					}
					return [0, 0];
				}
				function ir(t, e) {
					let n;
					try {
						n = e.stack;
					} catch {}
					if (n) {
						if ("string" == typeof n) return n;
						t.seen.push(e), t.indentationLvl += 4;
						const r = nr(t, n);
						return t.indentationLvl -= 4, t.seen.pop(), `${M(e)}\n    ${r}`;
					}
					return M(e);
				}
				function lr(t, e) {
					let n = "", r = 0, o = 0;
					for (;;) {
						const i = qt(e, "node_modules", o);
						if (-1 === i) break;
						const l = e[i - 1], s = e[i + 12];
						if ("/" !== s && "\\" !== s || "/" !== l && "\\" !== l) {
							o = i + 1;
							continue;
						}
						const c = i + 13;
						n += re(e, r, c);
						let a = qt(e, l, c);
						-1 === a ? a = e.length : "@" === e[c] && (a = qt(e, l, a + 1), -1 === a && (a = e.length));
						const u = re(e, c, a);
						n += t.stylize(u, "module"), r = a, o = a;
					}
					return 0 !== r && (e = n + re(e, r)), e;
				}
				function sr(t, e, n) {
					let r = qt(e, n), o = "", i = n.length;
					if (-1 !== r) {
						"file://" === re(e, r - 7, r) && (i += 7, r -= 7);
						const n = "(" === e[r - 1] ? r - 1 : r, l = n !== r && Zt(e, ")") ? -1 : e.length, s = r + i + 1, c = re(e, n, s);
						o += re(e, 0, n), o += t.stylize(c, "undefined"), o += re(e, s, l), -1 === l && (o += t.stylize(")", "undefined"));
					} else o += e;
					return o;
				}
				function cr(t) {
					let e = "", n = t.length;
					gn(0 !== n);
					const r = "-" === t[0] ? 1 : 0;
					for (; n >= r + 4; n -= 3) e = `_${re(t, n - 3, n)}${e}`;
					return n === t.length ? t : `${re(t, 0, n)}${e}`;
				}
				const ar = (t) => `... ${t} more item${t > 1 ? "s" : ""}`;
				function ur(t, e, n) {
					if (dt(e, -0)) return t("-0", "number");
					if (!n) return t(`${e}`, "number");
					const r = Ht(e);
					if (tt(e) === e) return !nt(e) || Yt(r, "e") ? t(r, "number") : t(cr(r), "number");
					if (rt(e) || Yt(r, "e")) return t(r, "number");
					const o = qt(r, "."), i = re(r, 0, o), l = re(r, o + 1);
					return t(`${cr(i)}.${function(t) {
						let e = "", n = 0;
						for (; n < t.length - 3; n += 3) e += `${re(t, n, n + 3)}_`;
						return 0 === n ? t : `${e}${re(t, n)}`;
					}(l)}`, "number");
				}
				function fr(t, e, n) {
					const r = Ht(e);
					return t(n ? `${cr(r)}n` : `${r}n`, "bigint");
				}
				function pr(t, e, n) {
					if ("string" == typeof e) {
						let r = "";
						if (e.length > n.maxStringLength) {
							const t = e.length - n.maxStringLength;
							e = re(e, 0, n.maxStringLength), r = `... ${t} more character${t > 1 ? "s" : ""}`;
						}
						return !0 !== n.compact && e.length > 16 && e.length > n.breakLength - n.indentationLvl - 4 ? h(d(zt(/(?<=\n)/, e), (e) => t(Gn(e), "string")), ` +\n${te(" ", n.indentationLvl + 2)}`) + r : t(Gn(e), "string") + r;
					}
					return "number" == typeof e ? ur(t, e, n.numericSeparator) : "bigint" == typeof e ? fr(t, e, n.numericSeparator) : "boolean" == typeof e ? t(`${e}`, "boolean") : void 0 === e ? t("undefined", "undefined") : t(ae(e), "symbol");
				}
				function yr(t, e, n, r) {
					const o = new l(t.length);
					for (let i = 0; i < t.length; i++) try {
						o[i] = Er(e, n, r, t[i], 0);
					} catch (n) {
						gn(tn(n) && "ReferenceError" === n.name);
						const l = { [t[i]]: "" };
						o[i] = Er(e, l, r, t[i], 0);
						const s = Jt(o[i], " ");
						o[i] = re(o[i], 0, s + 1) + e.stylize("<uninitialized>", "special");
					}
					return t.length = 0, o;
				}
				function gr(t, e, n, r, o, i) {
					const l = mt(e);
					let s = i;
					for (; i < l.length && o.length < r; i++) {
						const c = l[i], a = +c;
						if (a > 2 ** 32 - 2) break;
						if (`${s}` !== c) {
							if (null === It(kn, c)) break;
							const e = a - s, n = `<${e} empty item${e > 1 ? "s" : ""}>`;
							if (b(o, t.stylize(n, "undefined")), s = a, o.length === r) break;
						}
						b(o, Er(t, e, n, c, 1)), s++;
					}
					const c = e.length - s;
					if (o.length !== r) {
						if (c > 0) {
							const e = `<${c} empty item${c > 1 ? "s" : ""}>`;
							b(o, t.stylize(e, "undefined"));
						}
					} else c > 0 && b(o, ar(c));
					return o;
				}
				function hr(t, e) {
					let r;
					try {
						r = new $e(e);
					} catch {
						return [t.stylize("(detached)", "special")];
					}
					void 0 === $n && ($n = we(n(537).h.prototype.hexSlice));
					const o = $n(r, 0, K(t.maxArrayLength, r.length));
					let i = "", l = 0;
					for (; l < o.length - 2; l += 2) i += `${o[l]}${o[l + 1]} `;
					o.length > 0 && (i += `${o[l]}${o[l + 1]}`);
					const s = r.length - t.maxArrayLength;
					return s > 0 && (i += ` ... ${s} more byte${s > 1 ? "s" : ""}`), [`${t.stylize("[Uint8Contents]", "special")}: <${i}>`];
				}
				function dr(t, e, n) {
					const r = e.length, o = K(J(0, t.maxArrayLength), r), i = r - o, l = [];
					for (let r = 0; r < o; r++) {
						const i = pt(e, r);
						if (void 0 === i) return gr(t, e, n, o, l, r);
						b(l, Er(t, e, n, r, 1, i));
					}
					return i > 0 && b(l, ar(i)), l;
				}
				function mr(t, e, n) {
					const r = K(J(0, n.maxArrayLength), e), o = t.length - r, i = new l(r), s = t.length > 0 && "number" == typeof t[0] ? ur : fr;
					for (let e = 0; e < r; ++e) i[e] = s(n.stylize, t[e], n.numericSeparator);
					return o > 0 && (i[r] = ar(o)), i;
				}
				function br(t, e, n, r) {
					const o = t.size, i = K(J(0, e.maxArrayLength), o), l = o - i, s = [];
					e.indentationLvl += 2;
					let c = 0;
					for (const n of t) {
						if (c >= i) break;
						b(s, nr(e, n, r)), c++;
					}
					return l > 0 && b(s, ar(l)), e.indentationLvl -= 2, s;
				}
				function $r(t, e, n, r) {
					const o = t.size, i = K(J(0, e.maxArrayLength), o), l = o - i, s = [];
					e.indentationLvl += 2;
					let c = 0;
					for (const { 0: n, 1: o } of t) {
						if (c >= i) break;
						b(s, `${nr(e, n, r)} => ${nr(e, o, r)}`), c++;
					}
					return l > 0 && b(s, ar(l)), e.indentationLvl -= 2, s;
				}
				function Pr(t, e, n, r) {
					const o = J(t.maxArrayLength, 0), i = K(o, n.length), s = new l(i);
					t.indentationLvl += 2;
					for (let r = 0; r < i; r++) s[r] = nr(t, n[r], e);
					t.indentationLvl -= 2, 0 !== r || t.sorted || S(s);
					const c = n.length - i;
					return c > 0 && b(s, ar(c)), s;
				}
				function Sr(t, e, n, r) {
					const o = J(t.maxArrayLength, 0), i = n.length / 2, s = i - o, c = K(o, i), a = new l(c);
					let u = 0;
					if (t.indentationLvl += 2, 0 === r) {
						for (; u < c; u++) {
							const r = 2 * u;
							a[u] = `${nr(t, n[r], e)} => ${nr(t, n[r + 1], e)}`;
						}
						t.sorted || S(a);
					} else for (; u < c; u++) {
						const r = 2 * u, o = [nr(t, n[r], e), nr(t, n[r + 1], e)];
						a[u] = Lr(t, o, "", ["[", "]"], 2, e);
					}
					return t.indentationLvl -= 2, s > 0 && b(a, ar(s)), a;
				}
				function xr(t) {
					return [t.stylize("<items unknown>", "special")];
				}
				function Ar(t, e, n) {
					return Pr(t, n, ze(e), 0);
				}
				function vr(t, e, n) {
					return Sr(t, n, ze(e), 0);
				}
				function _r(t, e, n, r) {
					const { 0: o, 1: i } = ze(n, !0);
					return i ? (t[0] = jt(/ Iterator] {$/, t[0], " Entries] {"), Sr(e, r, o, 2)) : Pr(e, r, o, 1);
				}
				function wr(t, e, n) {
					let r;
					const { 0: o, 1: i } = Ie(e);
					if (o === Re) r = [t.stylize("<pending>", "special")];
					else {
						t.indentationLvl += 2;
						const e = nr(t, i, n);
						t.indentationLvl -= 2, r = [o === Le ? `${t.stylize("<rejected>", "special")} ${e}` : e];
					}
					return r;
				}
				function Or(t, e, n, r, o) {
					t.indentationLvl += 2;
					const i = nr(t, e[r], n, o);
					return t.indentationLvl -= 2, `${t.stylize(`[${r}]`, "string")}: ${i}`;
				}
				function Er(t, e, n, r, o, i, l = e) {
					let s, c, a = " ";
					if (void 0 !== (i = i || pt(e, r)).value) {
						const e = !0 !== t.compact || 0 !== o ? 2 : 3;
						t.indentationLvl += e, c = nr(t, i.value, n), 3 === e && t.breakLength < Mn(c, t.colors) && (a = `\n${te(" ", t.indentationLvl)}`), t.indentationLvl -= e;
					} else if (void 0 !== i.get) {
						const e = void 0 !== i.set ? "Getter/Setter" : "Getter", r = t.stylize, o = "special";
						if (t.getters && (!0 === t.getters || "get" === t.getters && void 0 === i.set || "set" === t.getters && void 0 !== i.set)) {
							t.indentationLvl += 2;
							try {
								const s = D(i.get, l);
								if (null === s) c = `${r(`[${e}:`, o)} ${r("null", "null")}${r("]", o)}`;
								else if ("object" == typeof s) c = `${r(`[${e}]`, o)} ${nr(t, s, n)}`;
								else {
									const n = pr(r, s, t);
									c = `${r(`[${e}:`, o)} ${n}${r("]", o)}`;
								}
							} catch (i) {
								const l = `<Inspection threw (${nr(t, i, n)})>`;
								c = `${r(`[${e}:`, o)} ${l}${r("]", o)}`;
							}
							t.indentationLvl -= 2;
						} else c = t.stylize(`[${e}]`, o);
					} else c = void 0 !== i.set ? t.stylize("[Setter]", "special") : t.stylize("undefined", "undefined");
					if (1 === o) return c;
					if ("symbol" == typeof r) {
						const e = jt(On, ae(r), Un);
						s = t.stylize(e, "symbol");
					} else s = null !== It(Ln, r) ? "__proto__" === r ? "['__proto__']" : t.stylize(r, "name") : t.stylize(Gn(r), "string");
					return !1 === i.enumerable && (s = `[${s}]`), `${s}:${a}${c}`;
				}
				function Rr(t, e, n, r) {
					let o = e.length + n;
					if (o + e.length > t.breakLength) return !1;
					for (let n = 0; n < e.length; n++) if (t.colors ? o += De(e[n]).length : o += e[n].length, o > t.breakLength) return !1;
					return "" === r || !Yt(r, "\n");
				}
				function Lr(t, e, n, r, o, i, s) {
					if (!0 !== t.compact) {
						if ("number" == typeof t.compact && t.compact >= 1) {
							const c = e.length;
							if (2 === o && c > 6 && (e = function(t, e, n) {
								let r = 0, o = 0, i = 0, s = e.length;
								t.maxArrayLength < e.length && s--;
								const c = new l(s);
								for (; i < s; i++) {
									const n = Mn(e[i], t.colors);
									c[i] = n, r += n + 2, o < n && (o = n);
								}
								const a = o + 2;
								if (3 * a + t.indentationLvl < t.breakLength && (r / a > 5 || o <= 6)) {
									const o = 2.5, i = X(a - r / e.length), l = J(a - 3 - i, 1), u = K(Q(X(o * l * s) / l), q((t.breakLength - t.indentationLvl) / a), 4 * t.compact, 15);
									if (u <= 1) return e;
									const f = [], p = [];
									for (let t = 0; t < u; t++) {
										let n = 0;
										for (let r = t; r < e.length; r += u) c[r] > n && (n = c[r]);
										n += 2, p[t] = n;
									}
									let y = Xt;
									if (void 0 !== n) {
										for (let t = 0; t < e.length; t++) if ("number" != typeof n[t] && "bigint" != typeof n[t]) {
											y = Qt;
											break;
										}
									}
									for (let t = 0; t < s; t += u) {
										const n = K(t + u, s);
										let r = "", o = t;
										for (; o < n - 1; o++) {
											const n = p[o - t] + e[o].length - c[o];
											r += y(`${e[o]}, `, n, " ");
										}
										if (y === Xt) {
											const n = p[o - t] + e[o].length - c[o] - 2;
											r += Xt(e[o], n, " ");
										} else r += e[o];
										b(f, r);
									}
									t.maxArrayLength < e.length && b(f, e[s]), e = f;
								}
								return e;
							}(t, e, s)), t.currentDepth - i < t.compact && c === e.length && Rr(t, e, e.length + t.indentationLvl + r[0].length + n.length + 10, n)) {
								const t = Ce(e, ", ");
								if (!Yt(t, "\n")) return `${n ? `${n} ` : ""}${r[0]} ${t} ${r[1]}`;
							}
						}
						const c = `\n${te(" ", t.indentationLvl)}`;
						return `${n ? `${n} ` : ""}${r[0]}${c}  ${Ce(e, `,${c}  `)}${c}${r[1]}`;
					}
					if (Rr(t, e, 0, n)) return `${r[0]}${n ? ` ${n}` : ""} ${Ce(e, ", ")} ` + r[1];
					const c = te(" ", t.indentationLvl), a = "" === n && 1 === r[0].length ? " " : `${n ? ` ${n}` : ""}\n${c}  `;
					return `${r[0]}${a}${Ce(e, `,\n${c}  `)} ${r[1]}`;
				}
				function kr(t) {
					const e = je(t, !1);
					if (void 0 !== e) return null === e || kr(e);
					let n = $t, r = $t;
					if ("function" != typeof t.toString) {
						if ("function" != typeof t[fe]) return !0;
						if ($t(t, fe)) return !1;
						n = Ir;
					} else {
						if ($t(t, "toString")) return !1;
						if ("function" != typeof t[fe]) r = Ir;
						else if ($t(t, fe)) return !1;
					}
					let o = t;
					do
						o = ht(o);
					while (!n(o, "toString") && !r(o, fe));
					const i = pt(o, "constructor");
					return void 0 !== i && "function" == typeof i.value && An.has(i.value.name);
				}
				function Ir() {
					return !1;
				}
				const jr = (t) => oe(t.message, "\n", 1)[0];
				let zr;
				function Br(t) {
					try {
						return U(t);
					} catch (t) {
						if (!zr) try {
							const t = {};
							t.a = t, U(t);
						} catch (t) {
							zr = jr(t);
						}
						if ("TypeError" === t.name && jr(t) === zr) return "[Circular]";
						throw t;
					}
				}
				function Tr(t, e) {
					return ur(Zn, t, e?.numericSeparator ?? _n.numericSeparator);
				}
				function Mr(t, e) {
					return fr(Zn, t, e?.numericSeparator ?? _n.numericSeparator);
				}
				function Nr(t, e) {
					const n = e[0];
					let r = 0, o = "", i = "";
					if ("string" == typeof n) {
						if (1 === e.length) return n;
						let l, s = 0;
						for (let i = 0; i < n.length - 1; i++) if (37 === Gt(n, i)) {
							const c = Gt(n, ++i);
							if (r + 1 !== e.length) {
								switch (c) {
									case 115: {
										const n = e[++r];
										l = "number" == typeof n ? Tr(n, t) : "bigint" == typeof n ? Mr(n, t) : "object" == typeof n && null !== n && kr(n) ? Nn(n, {
											...t,
											compact: 3,
											colors: !1,
											depth: 0
										}) : Ht(n);
										break;
									}
									case 106:
										l = Br(e[++r]);
										break;
									case 100: {
										const n = e[++r];
										l = "bigint" == typeof n ? Mr(n, t) : "symbol" == typeof n ? "NaN" : Tr(et(n), t);
										break;
									}
									case 79:
										l = Nn(e[++r], t);
										break;
									case 111:
										l = Nn(e[++r], {
											...t,
											showHidden: !0,
											showProxy: !0,
											depth: 4
										});
										break;
									case 105: {
										const n = e[++r];
										l = "bigint" == typeof n ? Mr(n, t) : "symbol" == typeof n ? "NaN" : Tr(it(n), t);
										break;
									}
									case 102: {
										const n = e[++r];
										l = "symbol" == typeof n ? "NaN" : Tr(ot(n), t);
										break;
									}
									case 99:
										r += 1, l = "";
										break;
									case 37:
										o += re(n, s, i), s = i + 1;
										continue;
									default: continue;
								}
								s !== i - 1 && (o += re(n, s, i - 1)), o += l, s = i + 1;
							} else 37 === c && (o += re(n, s, i), s = i + 1);
						}
						0 !== s && (r++, i = " ", s < n.length && (o += re(n, s)));
					}
					for (; r < e.length;) {
						const n = e[r];
						o += i, o += "string" != typeof n ? Nn(n, t) : n, i = " ", r++;
					}
					return o;
				}
				function Fr(t) {
					return t <= 31 || t >= 127 && t <= 159 || t >= 768 && t <= 879 || t >= 8203 && t <= 8207 || t >= 8400 && t <= 8447 || t >= 65024 && t <= 65039 || t >= 65056 && t <= 65071 || t >= 917760 && t <= 917999;
				}
				if (_e("config").hasIntl) gn(!1);
				else {
					Mn = function(e, n = !0) {
						let r = 0;
						n && (e = Cr(e)), e = Kt(e, "NFC");
						for (const n of new Nt(e)) {
							const e = Vt(n, 0);
							t(e) ? r += 2 : Fr(e) || r++;
						}
						return r;
					};
					const t = (t) => t >= 4352 && (t <= 4447 || 9001 === t || 9002 === t || t >= 11904 && t <= 12871 && 12351 !== t || t >= 12880 && t <= 19903 || t >= 19968 && t <= 42182 || t >= 43360 && t <= 43388 || t >= 44032 && t <= 55203 || t >= 63744 && t <= 64255 || t >= 65040 && t <= 65049 || t >= 65072 && t <= 65131 || t >= 65281 && t <= 65376 || t >= 65504 && t <= 65510 || t >= 110592 && t <= 110593 || t >= 127488 && t <= 127569 || t >= 127744 && t <= 128591 || t >= 131072 && t <= 262141);
				}
				function Cr(t) {
					return mn(t, "str"), -1 === qt(t, "\x1B") && -1 === qt(t, "\u009b") ? t : jt(Tn, t, "");
				}
				const Dr = {
					34: "&quot;",
					38: "&amp;",
					39: "&apos;",
					60: "&lt;",
					62: "&gt;",
					160: "&nbsp;"
				};
				function Wr(t) {
					return t.replace(/[\u0000-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00FF]/g, (t) => {
						const e = Ht(t.charCodeAt(0));
						return Dr[e] || "&#" + e + ";";
					});
				}
				t.exports = {
					identicalSequenceRange: or,
					inspect: Nn,
					inspectDefaultOptions: _n,
					format: function(...t) {
						return Nr(void 0, t);
					},
					formatWithOptions: function(t, ...e) {
						return dn(t, "inspectOptions", bn), Nr(t, e);
					},
					getStringWidth: Mn,
					stripVTControlCharacters: Cr,
					isZeroWidthCodePoint: Fr,
					stylizeWithColor: Vn,
					stylizeWithHTML(t, e) {
						const n = Nn.styles[e];
						return void 0 !== n ? `<span style="color:${n};">${Wr(t)}</span>` : Wr(t);
					},
					Proxy: Me
				};
			},
			123(t, e, n) {
				let r;
				function o() {
					return r = null != r ? r : n(778).codes.ERR_INTERNAL_ASSERTION;
				}
				function i(t, e) {
					if (!t) throw new (o())(e);
				}
				i.fail = function(t) {
					throw new (o())(t);
				}, t.exports = i;
			},
			947(t) {
				const e = [
					"_http_agent",
					"_http_client",
					"_http_common",
					"_http_incoming",
					"_http_outgoing",
					"_http_server",
					"_stream_duplex",
					"_stream_passthrough",
					"_stream_readable",
					"_stream_transform",
					"_stream_wrap",
					"_stream_writable",
					"_tls_common",
					"_tls_wrap",
					"assert",
					"assert/strict",
					"async_hooks",
					"buffer",
					"child_process",
					"cluster",
					"console",
					"constants",
					"crypto",
					"dgram",
					"diagnostics_channel",
					"dns",
					"dns/promises",
					"domain",
					"events",
					"fs",
					"fs/promises",
					"http",
					"http2",
					"https",
					"inspector",
					"module",
					"Module",
					"net",
					"os",
					"path",
					"path/posix",
					"path/win32",
					"perf_hooks",
					"process",
					"punycode",
					"querystring",
					"readline",
					"readline/promises",
					"repl",
					"stream",
					"stream/consumers",
					"stream/promises",
					"stream/web",
					"string_decoder",
					"sys",
					"timers",
					"timers/promises",
					"tls",
					"trace_events",
					"tty",
					"url",
					"util",
					"util/types",
					"v8",
					"vm",
					"wasi",
					"worker_threads",
					"zlib"
				];
				t.exports.BuiltinModule = { exists: (t) => "internal/modules/cjs/foo" !== t && (t.startsWith("internal/") || -1 !== e.indexOf(t)) };
			},
			244(t) {
				t.exports = {
					CHAR_DOT: 46,
					CHAR_FORWARD_SLASH: 47,
					CHAR_BACKWARD_SLASH: 92
				};
			},
			778(t, e, n) {
				const { ArrayIsArray: o, ArrayPrototypeIncludes: i, ArrayPrototypeIndexOf: l, ArrayPrototypeJoin: s, ArrayPrototypePush: c, ArrayPrototypeSlice: a, ArrayPrototypeSplice: u, Error: f, ErrorCaptureStackTrace: p, JSONStringify: y, ObjectDefineProperty: g, ReflectApply: h, RegExpPrototypeExec: d, SafeMap: m, SafeWeakMap: b, String: $, StringPrototypeEndsWith: P, StringPrototypeIncludes: S, StringPrototypeIndexOf: x, StringPrototypeSlice: A, StringPrototypeToLowerCase: v, Symbol: _, TypeError: w } = n(683), O = _("kIsNodeError"), E = new m(), R = {}, L = /^[A-Z][a-zA-Z0-9]*$/, k = [
					"string",
					"function",
					"number",
					"object",
					"Function",
					"Object",
					"boolean",
					"bigint",
					"symbol"
				], I = new b(), j = n(123);
				let z, B, T = null;
				function M(t, e, n) {
					E.set(t, e);
					const r = (o = n, i = t, class extends o {
						code = i;
						constructor(...t) {
							super(), g(this, "message", {
								__proto__: null,
								value: N(i, t, this),
								enumerable: !1,
								writable: !0,
								configurable: !0
							});
						}
						toString() {
							return `${this.name} [${i}]: ${this.message}`;
						}
					});
					var o, i;
					R[t] = r;
				}
				function N(t, e, n) {
					const r = E.get(t);
					if ("function" == typeof r) return j(r.length <= e.length, `Code: ${t}; The provided arguments length (${e.length}) does not match the required ones (${r.length}).`), h(r, n, e);
				}
				const F = _("kEnhanceStackBeforeInspector");
				function C(t) {
					if (null === t) return "null";
					if (void 0 === t) return "undefined";
					switch (typeof t) {
						case "bigint": return `type bigint (${t}n)`;
						case "number": return 0 === t ? 1 / t == -1 / 0 ? "type number (-0)" : "type number (0)" : t != t ? "type number (NaN)" : t === 1 / 0 ? "type number (Infinity)" : t === -1 / 0 ? "type number (-Infinity)" : `type number (${t})`;
						case "boolean": return t ? "type boolean (true)" : "type boolean (false)";
						case "symbol": return `type symbol (${$(t)})`;
						case "function": return `function ${t.name}`;
						case "object": return t.constructor && "name" in t.constructor ? `an instance of ${t.constructor.name}` : `${(T = T || n(223), T).inspect(t, { depth: -1 })}`;
						case "string": return t.length > 28 && (t = `${A(t, 0, 25)}...`), -1 === x(t, "'") ? `type string ('${t}')` : `type string (${y(t)})`;
					}
				}
				function D(t, e = "and") {
					switch (t.length) {
						case 0: return "";
						case 1: return `${t[0]}`;
						case 2: return `${t[0]} ${e} ${t[1]}`;
						case 3: return `${t[0]}, ${t[1]}, ${e} ${t[2]}`;
						default: return `${s(a(t, 0, -1), ", ")}, ${e} ${t[t.length - 1]}`;
					}
				}
				t.exports = {
					codes: R,
					determineSpecificType: C,
					E: M,
					formatList: D,
					getMessage: N,
					hideStackFrames: function(t) {
						function e(...n) {
							try {
								return h(t, this, n);
							} catch (t) {
								throw f.stackTraceLimit && p(t, e), t;
							}
						}
						return e.withoutStackTrace = t, e;
					},
					isStackOverflowError: function(t) {
						if (void 0 === B) try {
							function e() {
								e();
							}
							e();
						} catch (t) {
							B = t.message, z = t.name;
						}
						return t && t.name === z && t.message === B;
					},
					kEnhanceStackBeforeInspector: F,
					kIsNodeError: O,
					overrideStackTrace: I
				}, M("ERR_INTERNAL_ASSERTION", (t) => {
					const e = "This is caused by either a bug in Node.js or incorrect usage of Node.js internals.\nPlease open an issue with this stack trace at https://github.com/nodejs/node/issues\n";
					return void 0 === t ? e : `${t}\n${e}`;
				}, f), M("ERR_INVALID_ARG_TYPE", (t, e, n) => {
					j("string" == typeof t, "'name' must be a string"), o(e) || (e = [e]);
					let r = "The ";
					P(t, " argument") ? r += `${t} ` : r += `"${t}" ${S(t, ".") ? "property" : "argument"} `, r += "must be ";
					const s = [], a = [], f = [];
					for (const t of e) j("string" == typeof t, "All expected entries have to be of type string"), i(k, t) ? c(s, v(t)) : null !== d(L, t) ? c(a, t) : (j("object" !== t, "The value \"object\" should be written as \"Object\""), c(f, t));
					if (a.length > 0) {
						const t = l(s, "object");
						-1 !== t && (u(s, t, 1), c(a, "Object"));
					}
					return s.length > 0 && (r += `${s.length > 1 ? "one of type" : "of type"} ${D(s, "or")}`, (a.length > 0 || f.length > 0) && (r += " or ")), a.length > 0 && (r += `an instance of ${D(a, "or")}`, f.length > 0 && (r += " or ")), f.length > 0 && (f.length > 1 ? r += `one of ${D(f, "or")}` : (v(f[0]) !== f[0] && (r += "an "), r += `${f[0]}`)), r += `. Received ${C(n)}`, r;
				}, w);
			},
			812(t, e, n) {
				const { StringPrototypeCharCodeAt: r, StringPrototypeIncludes: o, StringPrototypeReplace: i } = n(683), l = n(878), { CHAR_FORWARD_SLASH: s } = n(244), c = n(120), a = /%/g, u = /\\/g, f = /\n/g, p = /\r/g, y = /\t/g;
				t.exports = {
					pathToFileURL: function(t) {
						const e = new l("file://");
						let n = c.resolve(t);
						return r(t, t.length - 1) === s && n[n.length - 1] !== c.sep && (n += "/"), e.pathname = function(t) {
							return o(t, "%") && (t = i(t, a, "%25")), o(t, "\\") && (t = i(t, u, "%5C")), o(t, "\n") && (t = i(t, f, "%0A")), o(t, "\r") && (t = i(t, p, "%0D")), o(t, "	") && (t = i(t, y, "%09")), t;
						}(n), e;
					},
					URL: l
				};
			},
			101(t, e, n) {
				const { ArrayPrototypeJoin: o, Error: i, ErrorIsError: l, FunctionPrototypeSymbolHasInstance: s, StringPrototypeReplace: c, SymbolFor: a } = n(683), u = /\u001b\[\d\d?m/g;
				t.exports = {
					customInspectSymbol: a("nodejs.util.inspect.custom"),
					isError: (t) => l?.(t) || s(i, t),
					join: o,
					removeColors: (t) => c(t, u, "")
				};
			},
			499(t, e, n) {
				const { ArrayIsArray: o, BigInt: i, Boolean: l, DatePrototype: s, Error: c, FunctionPrototype: a, MapPrototypeHas: u, Number: f, ObjectDefineProperty: p, ObjectGetOwnPropertyDescriptor: y, ObjectGetPrototypeOf: g, ObjectIsFrozen: h, ObjectPrototype: d, SetPrototypeHas: m, String: b, Symbol: $, SymbolToStringTag: P, globalThis: S } = n(683), { getConstructorName: x } = n(727);
				function A(t, ...e) {
					for (const n of e) {
						const e = S[n];
						if (e && t instanceof e) return !0;
					}
					for (; t;) {
						if ("object" != typeof t) return !1;
						if (e.indexOf(x(t)) >= 0) return !0;
						t = g(t);
					}
					return !1;
				}
				function v(t) {
					return (e) => {
						if (!A(e, t.name)) return !1;
						try {
							t.prototype.valueOf.call(e);
						} catch {
							return !1;
						}
						return !0;
					};
				}
				"object" != typeof S && (p(d, "__magic__", {
					get: function() {
						return this;
					},
					configurable: !0
				}), __magic__.globalThis = __magic__, delete d.__magic__);
				const _ = v(b), w = v(f), O = v(l), E = v(i), R = v($);
				t.exports = {
					isAsyncFunction: (t) => "function" == typeof t && a.toString.call(t).startsWith("async"),
					isGeneratorFunction: (t) => "function" == typeof t && a.toString.call(t).match(/^(async\s+)?function *\*/),
					isAnyArrayBuffer: (t) => A(t, "ArrayBuffer", "SharedArrayBuffer"),
					isArrayBuffer: (t) => A(t, "ArrayBuffer"),
					isArgumentsObject(t) {
						if (null !== t && "object" == typeof t && !o(t) && "number" == typeof t.length && t.length === (0 | t.length) && t.length >= 0) {
							const e = y(t, "callee");
							return e && !e.enumerable;
						}
						return !1;
					},
					isBoxedPrimitive: (t) => w(t) || _(t) || O(t) || E(t) || R(t),
					isDataView: (t) => A(t, "DataView"),
					isExternal: (t) => "object" == typeof t && h(t) && null == g(t),
					isMap(t) {
						if (!A(t, "Map")) return !1;
						try {
							u(t);
						} catch {
							return !1;
						}
						return !0;
					},
					isMapIterator: (t) => "[object Map Iterator]" === d.toString.call(g(t)),
					isModuleNamespaceObject(t) {
						try {
							return t && "object" == typeof t && "Module" === t[P];
						} catch {
							return !1;
						}
					},
					isNativeError: (t) => t instanceof c && A(t, "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError"),
					isPromise: (t) => A(t, "Promise"),
					isSet(t) {
						if (!A(t, "Set")) return !1;
						try {
							m(t);
						} catch {
							return !1;
						}
						return !0;
					},
					isSetIterator: (t) => "[object Set Iterator]" === d.toString.call(g(t)),
					isWeakMap: (t) => A(t, "WeakMap"),
					isWeakSet: (t) => A(t, "WeakSet"),
					isRegExp: (t) => A(t, "RegExp"),
					isDate(t) {
						if (A(t, "Date")) try {
							return s.getTime.call(t), !0;
						} catch {}
						return !1;
					},
					isTypedArray: (t) => A(t, "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"),
					isStringObject: _,
					isNumberObject: w,
					isBooleanObject: O,
					isBigIntObject: E,
					isSymbolObject: R
				};
			},
			302(t, e, n) {
				const { ArrayIsArray: r } = n(683), { hideStackFrames: o, codes: { ERR_INVALID_ARG_TYPE: i } } = n(778);
				t.exports = {
					kValidateObjectNone: 0,
					kValidateObjectAllowNullable: 1,
					kValidateObjectAllowArray: 2,
					kValidateObjectAllowFunction: 4,
					validateObject: o((t, e, n = 0) => {
						if (0 === n) {
							if (null === t || r(t)) throw new i(e, "Object", t);
							if ("object" != typeof t) throw new i(e, "Object", t);
						} else {
							if (!(1 & n) && null === t) throw new i(e, "Object", t);
							if (!(2 & n) && r(t)) throw new i(e, "Object", t);
							const o = typeof t;
							if (!("object" === o || 4 & n && "function" === o)) throw new i(e, "Object", t);
						}
					}),
					validateString: function(t, e) {
						if ("string" != typeof t) throw new i(e, "string", t);
					}
				};
			},
			120(t, e, n) {
				const { StringPrototypeCharCodeAt: r, StringPrototypeLastIndexOf: o, StringPrototypeSlice: i } = n(683), { CHAR_DOT: l, CHAR_FORWARD_SLASH: s } = n(244), { validateString: c } = n(302);
				function a(t) {
					return t === s;
				}
				function u(t, e, n, c) {
					let a = "", u = 0, f = -1, p = 0, y = 0;
					for (let g = 0; g <= t.length; ++g) {
						if (g < t.length) y = r(t, g);
						else {
							if (c(y)) break;
							y = s;
						}
						if (c(y)) {
							if (f === g - 1 || 1 === p);
							else if (2 === p) {
								if (a.length < 2 || 2 !== u || r(a, a.length - 1) !== l || r(a, a.length - 2) !== l) {
									if (a.length > 2) {
										const t = o(a, n);
										-1 === t ? (a = "", u = 0) : (a = i(a, 0, t), u = a.length - 1 - o(a, n)), f = g, p = 0;
										continue;
									}
									if (0 !== a.length) {
										a = "", u = 0, f = g, p = 0;
										continue;
									}
								}
								e && (a += a.length > 0 ? `${n}..` : "..", u = 2);
							} else a.length > 0 ? a += `${n}${i(t, f + 1, g)}` : a = i(t, f + 1, g), u = g - f - 1;
							f = g, p = 0;
						} else y === l && -1 !== p ? ++p : p = -1;
					}
					return a;
				}
				t.exports = {
					isPosixPathSeparator: a,
					normalizeString: u,
					resolve: function(...t) {
						if (0 === t.length || 1 === t.length && ("" === t[0] || "." === t[0])) {
							const t = "/";
							if (r(t, 0) === s) return t;
						}
						let e = "", n = !1;
						for (let o = t.length - 1; o >= 0 && !n; o--) {
							const i = t[o];
							c(i, `paths[${o}]`), 0 !== i.length && (e = `${i}/${e}`, n = r(i, 0) === s);
						}
						if (!n) {
							const t = "/";
							e = `${t}/${e}`, n = r(t, 0) === s;
						}
						return e = u(e, !n, "/", a), n ? `/${e}` : e.length > 0 ? e : ".";
					}
				};
			},
			683(t) {
				const e = { __proto__: null }, { defineProperty: n, getOwnPropertyDescriptor: r, ownKeys: o } = Reflect, { apply: i, bind: l, call: s } = Function.prototype, c = l.bind(s);
				e.uncurryThis = c;
				const a = l.bind(i);
				e.applyBind = a;
				const u = [
					"ArrayOf",
					"ArrayPrototypePush",
					"ArrayPrototypeUnshift",
					"MathHypot",
					"MathMax",
					"MathMin",
					"StringFromCharCode",
					"StringFromCodePoint",
					"StringPrototypeConcat",
					"TypedArrayOf"
				];
				function f(t) {
					return "symbol" == typeof t ? `Symbol${t.description[7].toUpperCase()}${t.description.slice(8)}` : `${t[0].toUpperCase()}${t.slice(1)}`;
				}
				function p(t, e, r, { enumerable: o, get: i, set: l }) {
					n(t, `${e}Get${r}`, {
						__proto__: null,
						value: c(i),
						enumerable: o
					}), void 0 !== l && n(t, `${e}Set${r}`, {
						__proto__: null,
						value: c(l),
						enumerable: o
					});
				}
				function y(t, e, i) {
					for (const l of o(t)) {
						const o = f(l), s = r(t, l);
						if ("get" in s) p(e, i, o, s);
						else {
							const r = `${i}${o}`;
							n(e, r, {
								__proto__: null,
								...s
							}), u.includes(r) && n(e, `${r}Apply`, {
								__proto__: null,
								value: a(s.value, t)
							});
						}
					}
				}
				function g(t, e, i) {
					for (const l of o(t)) {
						const o = f(l), s = r(t, l);
						if ("get" in s) p(e, i, o, s);
						else {
							const { value: t } = s;
							"function" == typeof t && (s.value = c(t));
							const r = `${i}${o}`;
							n(e, r, {
								__proto__: null,
								...s
							}), u.includes(r) && n(e, `${r}Apply`, {
								__proto__: null,
								value: a(t)
							});
						}
					}
				}
				["Proxy", "globalThis"].forEach((t) => {
					e[t] = globalThis[t];
				}), [
					decodeURI,
					decodeURIComponent,
					encodeURI,
					encodeURIComponent
				].forEach((t) => {
					e[t.name] = t;
				}), [
					escape,
					eval,
					unescape
				].forEach((t) => {
					e[t.name] = t;
				}), [
					"Atomics",
					"JSON",
					"Math",
					"Proxy",
					"Reflect"
				].forEach((t) => {
					y(globalThis[t], e, t);
				}), [
					"AggregateError",
					"Array",
					"ArrayBuffer",
					"BigInt",
					"BigInt64Array",
					"BigUint64Array",
					"Boolean",
					"DataView",
					"Date",
					"Error",
					"EvalError",
					"FinalizationRegistry",
					"Float32Array",
					"Float64Array",
					"Function",
					"Int16Array",
					"Int32Array",
					"Int8Array",
					"Map",
					"Number",
					"Object",
					"RangeError",
					"ReferenceError",
					"RegExp",
					"Set",
					"String",
					"Symbol",
					"SyntaxError",
					"TypeError",
					"URIError",
					"Uint16Array",
					"Uint32Array",
					"Uint8Array",
					"Uint8ClampedArray",
					"WeakMap",
					"WeakRef",
					"WeakSet"
				].forEach((t) => {
					const n = globalThis[t];
					n && (e[t] = n, y(n, e, t), g(n.prototype, e, `${t}Prototype`));
				}), ["Promise"].forEach((t) => {
					const i = globalThis[t];
					e[t] = i, function(t, e, i) {
						for (const l of o(t)) {
							const o = f(l), s = r(t, l);
							if ("get" in s) p(e, i, o, s);
							else {
								const { value: r } = s;
								"function" == typeof r && (s.value = r.bind(t)), n(e, `${i}${o}`, {
									__proto__: null,
									...s
								});
							}
						}
					}(i, e, t), g(i.prototype, e, `${t}Prototype`);
				}), [{
					name: "TypedArray",
					original: Reflect.getPrototypeOf(Uint8Array)
				}].forEach(({ name: t, original: n }) => {
					e[t] = n, g(n, e, t), g(n.prototype, e, `${t}Prototype`);
				}), [
					{
						name: "ArrayIteratorPrototype",
						original: Reflect.getPrototypeOf(Array.prototype[Symbol.iterator]())
					},
					{
						name: "AsyncFunctionPrototype",
						original: Reflect.getPrototypeOf(async function() {})
					},
					{
						name: "AsyncGeneratorFunctionPrototype",
						original: Reflect.getPrototypeOf(async function* () {})
					},
					{
						name: "AsyncIteratorPrototype",
						original: Reflect.getPrototypeOf(Reflect.getPrototypeOf(async function* () {}).prototype)
					},
					{
						name: "GeneratorFunctionPrototype",
						original: Reflect.getPrototypeOf(function* () {})
					},
					{
						name: "MapIteratorPrototype",
						original: Reflect.getPrototypeOf(new e.Map()[Symbol.iterator]())
					},
					{
						name: "RegExpStringIteratorPrototype",
						original: Reflect.getPrototypeOf(e.RegExp.prototype[Symbol.matchAll]())
					},
					{
						name: "SetIteratorPrototype",
						original: Reflect.getPrototypeOf(new e.Set()[Symbol.iterator]())
					},
					{
						name: "StringIteratorPrototype",
						original: Reflect.getPrototypeOf(String.prototype[Symbol.iterator]())
					}
				].forEach(({ name: t, original: n }) => {
					e[t] = n, g(n, e, t);
				});
				const { ArrayPrototypeForEach: h, ArrayPrototypePushApply: d, ArrayPrototypeSlice: m, FinalizationRegistry: b, FunctionPrototypeCall: $, Map: P, ObjectFreeze: S, ObjectSetPrototypeOf: x, RegExp: A, Set: v, SymbolIterator: _, WeakMap: w, WeakRef: O, WeakSet: E } = e, R = (t, e) => {
					class n {
						constructor(e) {
							this._iterator = t(e);
						}
						next() {
							return e(this._iterator);
						}
						[_]() {
							return this;
						}
					}
					return x(n.prototype, null), S(n.prototype), S(n), n;
				};
				e.SafeArrayIterator = R(e.ArrayPrototypeSymbolIterator, e.ArrayIteratorPrototypeNext), e.SafeStringIterator = R(e.StringPrototypeSymbolIterator, e.StringIteratorPrototypeNext);
				const L = (t, e) => {
					h(o(t), (o) => {
						r(e, o) || n(e, o, {
							__proto__: null,
							...r(t, o)
						});
					});
				}, k = (t, e, i) => {
					if (i) {
						const l = new t();
						h(o(t.prototype), (o) => {
							if (!r(e.prototype, o)) {
								const s = r(t.prototype, o);
								if ("function" == typeof s.value && 0 === s.value.length && $(s.value, l)?.next === i) {
									const t = c(s.value), e = R(t, i);
									s.value = function() {
										return new e(this);
									};
								}
								n(e.prototype, o, {
									__proto__: null,
									...s
								});
							}
						});
					} else L(t.prototype, e.prototype);
					return L(t, e), x(e.prototype, null), S(e.prototype), S(e), e;
				};
				e.makeSafe = k, e.SafeMap = k(P, class extends P {}, e.MapIteratorPrototypeNext), e.SafeWeakMap = k(w, class extends w {}), e.SafeSet = k(v, class extends v {}, e.SetIteratorPrototypeNext), e.SafeWeakSet = k(E, class extends E {}), e.SafeFinalizationRegistry = k(b, class extends b {}), e.SafeWeakRef = k(O, class extends O {}), e.internalBinding = (t) => {
					if ("config" === t) return { hasIntl: !1 };
					throw new Error(`unknown module: "${t}"`);
				}, e._stringPrototypeReplaceAll = (t, e, n) => "[object regexp]" === Object.prototype.toString.call(e).toLowerCase() ? t.replace(e, n) : t.replace(new A(e, "g"), n), e.SafeArrayPrototypePushApply = (t, e) => {
					let n = 65536;
					if (n < e.length) {
						let r = 0;
						do
							d(t, m(e, r, r = n)), n += 65536;
						while (n < e.length);
						e = m(e, r);
					}
					return d(t, e);
				}, e.StringPrototypeReplaceAll = e.StringPrototypeReplaceAll || e._stringPrototypeReplaceAll, x(e, null), S(e), t.exports = e;
			},
			179(t, e, n) {
				const { Proxy: o, ProxyRevocable: i, SafeWeakMap: l } = n(683), s = new l();
				class c {
					constructor(t, e) {
						const n = new o(t, e);
						return s.set(n, [t, e]), n;
					}
					static getProxyDetails(t, e = !0) {
						const n = s.get(t);
						if (n) return e ? n : n[0];
					}
					static revocable(t, e) {
						const n = i(t, e);
						s.set(n.proxy, [t, e]);
						const r = n.revoke;
						return n.revoke = () => {
							s.set(n.proxy, [null, null]), r();
						}, n;
					}
				}
				t.exports = {
					getProxyDetails: c.getProxyDetails.bind(c),
					Proxy: c
				};
			},
			878(t) {
				t.exports = URL;
			},
			727(t, e, n) {
				const { BigInt: o, Error: i, NumberParseInt: l, ObjectEntries: s, ObjectGetOwnPropertyDescriptor: c, ObjectGetOwnPropertyDescriptors: a, ObjectGetOwnPropertySymbols: u, ObjectPrototypeToString: f, Symbol: p } = n(683), y = n(179), g = p("kPending");
				t.exports = {
					constants: {
						kPending: g,
						kRejected: p("kRejected"),
						ALL_PROPERTIES: 0,
						ONLY_ENUMERABLE: 2
					},
					getOwnNonIndexProperties: function(t, e = 2) {
						const n = a(t), r = [];
						for (const [t, o] of s(n)) if (!/^(0|[1-9][0-9]*)$/.test(t) || l(t, 10) >= 2 ** 32 - 1) {
							if (2 === e && !o.enumerable) continue;
							r.push(t);
						}
						for (const n of u(t)) {
							const o = c(t, n);
							(2 !== e || o.enumerable) && r.push(n);
						}
						return r;
					},
					getPromiseDetails: () => [g, void 0],
					getProxyDetails: y.getProxyDetails,
					Proxy: y.Proxy,
					previewEntries: (t) => [[], !1],
					getConstructorName(t) {
						if (!t || "object" != typeof t) throw new i("Invalid object");
						if (t.constructor?.name) return t.constructor.name;
						const e = f(t).match(/^\[object ([^\]]+)\]/);
						return e ? e[1] : "Object";
					},
					getExternalValue: () => o(0)
				};
			}
		};
		const e = {};
		return function n(r) {
			const o = e[r];
			if (void 0 !== o) return o.exports;
			const i = e[r] = { exports: {} };
			return t[r](i, i.exports, n), i.exports;
		}(223);
	})());
}))(), 1).default;
//#endregion
export { format, formatWithOptions, inspect, stripVTControlCharacters };
