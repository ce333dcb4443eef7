// Node has no server for `export default { fetch }`, so this one is written against its own http module.
//
// usage: node serve.mjs hello|echo PORT
import http from "node:http";

const [worker, port] = process.argv.slice(2);
const handlers = {
  hello(_request, response) {
    response.setHeader("content-type", "text/plain;charset=UTF-8");
    response.end("hello world");
  },
  echo(request, response) {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      try {
        const body = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
        response.end(body);
      } catch (error) {
        response.writeHead(400).end(error.message);
      }
    });
  },
};
http.createServer(handlers[worker]).listen(Number(port), "127.0.0.1");
