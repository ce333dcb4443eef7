import type { Shape } from "./types.d.ts";

enum Color {
  Red,
  Green = "green",
}

namespace Geometry {
  export const area = (size: number) => size * size;
}

function tagged(tag: string) {
  return <T extends new (...args: any[]) => object>(target: T, context: ClassDecoratorContext) => {
    context.addInitializer(() => tags.push(`${tag} ${String(context.name)}`));
    return target;
  };
}

const tags: string[] = [];

abstract class Base {
  abstract describe(): string;
}

@tagged("decorated")
class Square extends Base {
  readonly #secret = 7;
  static count = 0;
  accessor label = "square";

  constructor(private readonly shape: Shape, public extra?: string) {
    super();
    Square.count += 1;
  }

  override describe(): string {
    return `${this.label} of ${Geometry.area(this.shape.size)} ${this.extra ?? "plain"} ${this.#secret}`;
  }
}

function overloaded(value: string): string;
function overloaded(value: number): number;
function overloaded(value: unknown) {
  return value;
}

export function describe(shape: Shape): unknown[] {
  const square = new Square(shape);
  const maybe = square as Square | undefined;
  return [maybe!.describe(), Color.Red, Color.Green, Color[0], tags, <number>overloaded(3), Square.count > 0];
}
