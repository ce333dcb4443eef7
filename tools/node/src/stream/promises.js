import { Stream } from "node:internal/streams";

export const { finished, pipeline } = Stream.promises;
export default Stream.promises;
