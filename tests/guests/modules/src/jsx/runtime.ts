type Props = Record<string, unknown> & { children?: unknown };

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const render = (child: unknown): string =>
  Array.isArray(child) ? child.map(render).join("") : child instanceof Html ? child.text : escape(String(child ?? ""));

class Html {
  constructor(readonly text: string) {}
  toJSON = () => this.text;
  toString = () => this.text;
}

export const Fragment = (props: Props) => new Html(render(props.children));

export function jsx(type: string | ((props: Props) => Html), props: Props): Html {
  if (typeof type === "function") return type(props);
  const { children, ...attributes } = props;
  const rendered = Object.entries(attributes).map(([name, value]) => ` ${name}="${escape(String(value))}"`).join("");
  return new Html(`<${type}${rendered}>${render(children)}</${type}>`);
}

export const jsxs = jsx;
export const jsxDEV = jsx;
