export interface Shape {
  kind: "square" | "circle";
  size: number;
}
