// Package export_wasi_http_incoming_handler is what the component exports, under the name that the bindings give it.
package export_wasi_http_incoming_handler

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime/debug"

	. "go.bytecodealliance.org/pkg/wit/types"

	http "worky/hello-go/imports/wasi_http_types"
	streams "worky/hello-go/imports/wasi_io_streams"
)

// No import may be called while the host hands over what an import returns, and Go's collector asks WASI for the time
// whenever it runs. An instance lives for one request, and the memory limit bounds what that one leaves behind.
func init() {
	debug.SetGCPercent(-1)
}

// Handle answers one request.
func Handle(request *http.IncomingRequest, out *http.ResponseOutparam) {
	target, err := url.Parse(request.PathWithQuery().SomeOr("/"))
	if err != nil {
		respond(out, 400, err.Error()+"\n")
		return
	}
	switch target.Path {
	case "/hello":
		name := target.Query().Get("name")
		if name == "" {
			name = "world"
		}
		fmt.Printf("greets %s\n", name)
		respond(out, 200, "Hello, "+name+"!\n")
	case "/echo":
		body := start(out, 200, "application/octet-stream")
		if _, err := io.Copy(body, bodyOf(request)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
		body.finish()
	case "/panic":
		panic("thrown by the guest")
	default:
		respond(out, 404, "no such route\n")
	}
}

func respond(out *http.ResponseOutparam, status uint16, text string) {
	body := start(out, status, "text/plain;charset=UTF-8")
	if _, err := io.WriteString(body, text); err == nil {
		body.finish()
	}
}

// writer is the body of a response.
type writer struct {
	body   *http.OutgoingBody
	stream *http.OutputStream
}

func start(out *http.ResponseOutparam, status uint16, contentType string) *writer {
	headers := http.MakeFields()
	headers.Append("content-type", []byte(contentType))
	response := http.MakeOutgoingResponse(headers)
	response.SetStatusCode(status)
	body := response.Body().Ok()
	stream := body.Write().Ok()
	http.ResponseOutparamSet(out, Ok[*http.OutgoingResponse, http.ErrorCode](response))
	return &writer{body, stream}
}

// What one blocking-write-and-flush takes.
const chunkBytes = 4096

func (w *writer) Write(bytes []byte) (int, error) {
	written := 0
	for written < len(bytes) {
		chunk := bytes[written:min(written+chunkBytes, len(bytes))]
		if result := w.stream.BlockingWriteAndFlush(chunk); result.IsErr() {
			return written, io.ErrClosedPipe
		}
		written += len(chunk)
	}
	return written, nil
}

func (w *writer) finish() {
	w.stream.Drop()
	http.OutgoingBodyFinish(w.body, None[*http.Fields]())
}

// reader is the body of a request.
type reader struct{ stream *http.InputStream }

func bodyOf(request *http.IncomingRequest) reader {
	return reader{request.Consume().Ok().Stream().Ok()}
}

func (r reader) Read(buffer []byte) (int, error) {
	result := r.stream.BlockingRead(uint64(len(buffer)))
	if result.IsErr() {
		if failure := result.Err(); failure.Tag() == streams.StreamError_Closed {
			return 0, io.EOF
		}
		return 0, io.ErrUnexpectedEOF
	}
	return copy(buffer, result.Ok()), nil
}
