// What is in files: reading through `File`, whose content is fetched when it is read, and writing through a stream
// that replaces the file once it is closed.
(function () {
  const { core, primordials } = __bootstrap;
  const {
    ArrayBufferIsView,
    MathMin,
    NumberIsFinite,
    ObjectPrototypeIsPrototypeOf,
    PromiseReject,
    String,
    TypedArrayPrototypeGetByteLength,
    TypedArrayPrototypeSubarray,
    TypeError,
    Uint8Array,
  } = primordials;
  const { isAnyArrayBuffer, ops } = core;
  const webidl = core.loadExtScript("ext:deno_webidl/00_webidl.js");
  const { DOMException } = core.loadExtScript("ext:deno_web/01_dom_exception.js");
  const { Blob, BlobPrototype, File, markFileBackedBlob } = core.loadExtScript("ext:deno_web/09_file.js");
  const { WritableStream } = core.loadExtScript("ext:deno_web/06_streams.js");

  // What passes between the host and the guest at a time.
  const CHUNK_BYTES = 256 * 1024;

  // ---- reading ----------------------------------------------------------------------------------------------------

  // The one part of a File that getFile() makes. No file is open between two reads: each asks for the file as it was
  // looked at, and fails where it has changed since.
  class HostContent extends Blob {
    #source;
    #start;
    #end;
    constructor(source, start, end) {
      super();
      this.#source = source;
      this.#start = start;
      this.#end = end;
      markFileBackedBlob(this);
    }
    get size() {
      return this.#end - this.#start;
    }
    slice(start, end) {
      return new HostContent(this.#source, this.#start + start, this.#start + end);
    }
    async *stream() {
      const { place, request, version } = this.#source;
      let at = this.#start;
      while (at < this.#end) {
        const length = MathMin(this.#end - at, CHUNK_BYTES);
        const chunk = await ops.op_files_read(place.request(request), place.mount, place.path, at, length, version);
        if (TypedArrayPrototypeGetByteLength(chunk) !== length) {
          throw new DOMException(`"${place.path}" changed while it was read`, "NotReadableError");
        }
        at += length;
        yield chunk;
      }
    }
  }

  async function openFile(place, name) {
    const request = place.request();
    const { bytes, modified, version } = await ops.op_files_stat(request, place.mount, place.path);
    const content = new HostContent({ place, request, version }, 0, bytes);
    return new File([content], name, { lastModified: modified });
  }

  // ---- writing ----------------------------------------------------------------------------------------------------

  const key = {};

  // One file that is being written.
  class Writer {
    constructor(request, number, bytes) {
      this.request = request;
      this.number = number;
      this.bytes = bytes;
      this.offset = 0;
    }

    async command(chunk) {
      const params = paramsOf(chunk);
      switch (params.type) {
        case "write":
          if (params.data === undefined || params.data === null) throw new TypeError("write: `data` is missing");
          if (params.position !== undefined) this.offset = params.position;
          return await this.write(params.data);
        case "seek":
          if (params.position === undefined) throw new TypeError("seek: `position` is missing");
          this.offset = params.position;
          return;
        case "truncate":
          if (params.size === undefined) throw new TypeError("truncate: `size` is missing");
          await ops.op_files_truncate(this.request, this.number, params.size);
          this.bytes = params.size;
          if (this.offset > this.bytes) this.offset = this.bytes;
      }
    }

    async write(data) {
      if (ObjectPrototypeIsPrototypeOf(BlobPrototype, data)) {
        const reader = data.stream().getReader();
        while (true) {
          const { done, value } = await reader.read();
          if (done) return;
          await this.bytesAtOffset(value);
        }
      }
      await this.bytesAtOffset(
        typeof data === "string"
          ? core.encode(data)
          : isAnyArrayBuffer(data)
          ? new Uint8Array(data)
          : new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      );
    }

    async bytesAtOffset(bytes) {
      const length = TypedArrayPrototypeGetByteLength(bytes);
      for (let done = 0; done < length; done += CHUNK_BYTES) {
        const part = TypedArrayPrototypeSubarray(bytes, done, MathMin(length, done + CHUNK_BYTES));
        await ops.op_files_write(this.request, this.number, this.offset, part);
        this.offset += TypedArrayPrototypeGetByteLength(part);
        if (this.offset > this.bytes) this.bytes = this.offset;
      }
    }
  }

  // FileSystemWriteChunkType: BufferSource, Blob, string, or WriteParams.
  function paramsOf(chunk) {
    if (chunk === undefined || chunk === null) throw new TypeError("write: `type` is missing");
    if (isData(chunk)) return { type: "write", data: chunk, position: undefined, size: undefined };
    if (typeof chunk !== "object" && typeof chunk !== "function") {
      return { type: "write", data: String(chunk), position: undefined, size: undefined };
    }
    const { data, position, size, type } = chunk;
    if (type === undefined) throw new TypeError("write: `type` is missing");
    const known = String(type);
    if (known !== "write" && known !== "seek" && known !== "truncate") {
      throw new TypeError(`write: "${known}" is not a type; use "write", "seek" or "truncate"`);
    }
    return {
      type: known,
      data: data === undefined || data === null || isData(data) ? data : String(data),
      position: bytesOf(position, "position"),
      size: bytesOf(size, "size"),
    };
  }

  function isData(value) {
    return typeof value === "string" || isAnyArrayBuffer(value) || ArrayBufferIsView(value) ||
      ObjectPrototypeIsPrototypeOf(BlobPrototype, value);
  }

  function bytesOf(value, name) {
    if (value === undefined || value === null) return undefined;
    const bytes = +value;
    if (!NumberIsFinite(bytes) || bytes < 0) throw new TypeError(`write: \`${name}\` is no number of bytes: ${value}`);
    return webidl.converters["unsigned long long"](bytes);
  }

  class FileSystemWritableFileStream extends WritableStream {
    constructor(secret = undefined, writer = undefined) {
      if (secret !== key) throw new TypeError("Illegal constructor");
      const giveUp = () => ops.op_files_abort(writer.request, writer.number);
      super({
        async write(chunk) {
          try {
            await writer.command(chunk);
          } catch (error) {
            // The stream is no good any more, and nobody can abort it either.
            await giveUp();
            throw error;
          }
        },
        close: () => ops.op_files_commit(writer.request, writer.number),
        abort: giveUp,
      });
    }
    write(data) {
      return command(this, data);
    }
    seek(position) {
      return command(this, { type: "seek", position });
    }
    truncate(size) {
      return command(this, { type: "truncate", size });
    }
  }
  webidl.configureInterface(FileSystemWritableFileStream);

  async function command(stream, chunk) {
    const writer = stream.getWriter();
    const written = writer.write(chunk);
    writer.releaseLock();
    return await written;
  }

  async function createWritable(place, keep) {
    const request = place.request();
    const [number, bytes] = await ops.op_files_replace(request, place.mount, place.path, keep);
    return new FileSystemWritableFileStream(key, new Writer(request, number, bytes));
  }

  return { createWritable, FileSystemWritableFileStream, openFile };
})();
