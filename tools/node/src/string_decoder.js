import decoder from "string_decoder/";
export const { StringDecoder } = decoder;
export default decoder;
