export { inspect, format, formatWithOptions, stripVTControlCharacters } from "node-inspect-extracted";
