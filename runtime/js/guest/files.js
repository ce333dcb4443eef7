// Handles of files and directories, as the File System standard has them (https://fs.spec.whatwg.org/). A handle is a
// place, which every call looks up anew. The rules (names, quotas, what may be changed) are the host's.
(function () {
  const { core, primordials } = __bootstrap;
  const { ObjectDefineProperty, ObjectFreeze, SymbolAsyncIterator, SymbolFor, TypeError } = primordials;
  const { ops } = core;
  const webidl = core.loadExtScript("ext:deno_webidl/00_webidl.js");
  const { DOMException } = core.loadExtScript("ext:deno_web/01_dom_exception.js");
  const { createFilteredInspectProxy } = core.loadExtScript("ext:deno_web/01_console.js");
  const { mountNames, Place, ROOT, TMP, topPlace } = core.loadExtScript("ext:worky/files_place.js");
  const { createWritable, FileSystemWritableFileStream, openFile } = core.loadExtScript("ext:worky/files_content.js");

  // Known to this script alone, so that nobody else makes handles.
  const key = {};

  function nameOf(value, prefix) {
    return webidl.converters.USVString(value, prefix, "Argument 1");
  }

  function flag(options, name, prefix) {
    if (options === undefined || options === null) return false;
    if (typeof options !== "object" && typeof options !== "function") {
      throw new TypeError(`${prefix}: Argument 2 can not be converted to a dictionary`);
    }
    return !!options[name];
  }

  let place, moveTo, isHandle;

  class FileSystemHandle {
    #kind;
    #name;
    #place;
    static {
      isHandle = (value) => typeof value === "object" && value !== null && #place in value;
      place = (handle) => handle.#place;
      moveTo = (handle, name, to) => {
        handle.#name = name;
        handle.#place = to;
      };
    }
    constructor(secret = undefined, kind = undefined, name = undefined, at = undefined) {
      if (secret !== key) throw new TypeError("Illegal constructor");
      this[webidl.brand] = webidl.brand;
      this.#kind = kind;
      this.#name = name;
      this.#place = at;
    }
    get kind() {
      return this.#kind;
    }
    get name() {
      return this.#name;
    }
    async isSameEntry(other) {
      const prefix = "Failed to execute 'isSameEntry' on 'FileSystemHandle'";
      const mine = this.#place;
      webidl.requiredArguments(arguments.length, 1, prefix);
      if (!isHandle(other)) throw new TypeError(`${prefix}: Argument 1 is not a FileSystemHandle`);
      return this.#kind === other.#kind && mine.is(other.#place);
    }
    // move(name), move(directory), move(directory, name): https://github.com/whatwg/fs/pull/10
    async move(target, name = undefined) {
      const prefix = "Failed to execute 'move' on 'FileSystemHandle'";
      const from = this.#place;
      webidl.requiredArguments(arguments.length, 1, prefix);
      let directory;
      if (isHandle(target)) {
        if (target.#kind !== "directory") throw new TypeError(`${prefix}: Argument 1 is not a directory`);
        directory = target.#place;
        name = name === undefined ? this.#name : nameOf(name, prefix);
      } else {
        directory = from.parent();
        name = nameOf(target, prefix);
      }
      if (from.isMount() || directory.mount === ROOT) throw denied("what was granted to the worker cannot be moved");
      if (from.mount === TMP && directory.mount === TMP && from.owner !== directory.owner) {
        throw new DOMException("the files of one request cannot be moved to another", "InvalidModificationError");
      }
      await ops.op_files_move(
        from.request(),
        from.mount,
        from.path,
        directory.mount,
        directory.path,
        name,
      );
      moveTo(this, name, directory.child(name));
    }
    [SymbolFor("Deno.privateCustomInspect")](inspect, inspectOptions) {
      const object = this;
      const proxy = createFilteredInspectProxy({ object, evaluate: isHandle(object), keys: ["kind", "name"] });
      return inspect(proxy, inspectOptions);
    }
  }
  webidl.configureInterface(FileSystemHandle);
  // Other threads have no places of this one; without this, clones would be empty objects.
  ObjectDefineProperty(FileSystemHandle.prototype, core.hostObjectBrand, {
    __proto__: null,
    value: () => {
      throw new TypeError("Handles of files are not cloneable");
    },
  });

  class FileSystemFileHandle extends FileSystemHandle {
    async getFile() {
      return await openFile(place(this), this.name);
    }
    async createWritable(options = undefined) {
      const keep = flag(options, "keepExistingData", "Failed to execute 'createWritable' on 'FileSystemFileHandle'");
      return await createWritable(place(this), keep);
    }
  }
  webidl.configureInterface(FileSystemFileHandle);

  class FileSystemDirectoryHandle extends FileSystemHandle {
    async getFileHandle(name, options = undefined) {
      const prefix = "Failed to execute 'getFileHandle' on 'FileSystemDirectoryHandle'";
      const at = place(this);
      webidl.requiredArguments(arguments.length, 1, prefix);
      name = nameOf(name, prefix);
      const create = flag(options, "create", prefix);
      if (at.mount === ROOT) {
        const found = inRoot(name, create);
        throw new DOMException(`"${found.name}" is a directory`, "TypeMismatchError");
      }
      await ops.op_files_file(at.request(), at.mount, at.path, name, create);
      return new FileSystemFileHandle(key, "file", name, at.child(name));
    }
    async getDirectoryHandle(name, options = undefined) {
      const prefix = "Failed to execute 'getDirectoryHandle' on 'FileSystemDirectoryHandle'";
      const at = place(this);
      webidl.requiredArguments(arguments.length, 1, prefix);
      name = nameOf(name, prefix);
      const create = flag(options, "create", prefix);
      if (at.mount === ROOT) return inRoot(name, create);
      await ops.op_files_directory(at.request(), at.mount, at.path, name, create);
      return new FileSystemDirectoryHandle(key, "directory", name, at.child(name));
    }
    async removeEntry(name, options = undefined) {
      const prefix = "Failed to execute 'removeEntry' on 'FileSystemDirectoryHandle'";
      const at = place(this);
      webidl.requiredArguments(arguments.length, 1, prefix);
      name = nameOf(name, prefix);
      const recursive = flag(options, "recursive", prefix);
      if (at.mount === ROOT) {
        inRoot(name, false);
        throw denied("what was granted to the worker cannot be removed");
      }
      await ops.op_files_remove(at.request(), at.mount, at.path, name, recursive);
    }
    // The names from here to a handle; null where it is not in this directory.
    async resolve(descendant) {
      const prefix = "Failed to execute 'resolve' on 'FileSystemDirectoryHandle'";
      const at = place(this);
      webidl.requiredArguments(arguments.length, 1, prefix);
      if (!isHandle(descendant)) throw new TypeError(`${prefix}: Argument 1 is not a FileSystemHandle`);
      return at.namesTo(place(descendant));
    }
    entries() {
      return iterate(this, (handle) => [handle.name, handle]);
    }
    keys() {
      return iterate(this, (handle) => handle.name);
    }
    values() {
      return iterate(this, (handle) => handle);
    }
    [SymbolAsyncIterator]() {
      return this.entries();
    }
  }
  webidl.configureInterface(FileSystemDirectoryHandle);

  function denied(text) {
    return new DOMException(text, "NotAllowedError");
  }

  function mountHandle(name, at) {
    return new FileSystemDirectoryHandle(key, "directory", name, at);
  }

  // A mount by name, in the directory that has all of them. Nothing can be made there.
  function inRoot(name, create) {
    const at = topPlace(name);
    if (at !== null) return mountHandle(name, at);
    if (create) throw denied("only what was granted to the worker can stand here");
    throw new DOMException(`"${name}" does not exist`, "NotFoundError");
  }

  // What was there when the iteration began.
  function iterate(directory, shape) {
    return listed(place(directory), shape);
  }

  async function* listed(at, shape) {
    if (at.mount === ROOT) {
      const names = mountNames();
      for (let i = 0; i < names.length; i++) yield shape(inRoot(names[i], false));
      return;
    }
    const entries = await ops.op_files_list(at.request(), at.mount, at.path);
    for (let i = 0; i < entries.length; i++) {
      const name = entries[i][0];
      yield shape(
        entries[i][1]
          ? new FileSystemDirectoryHandle(key, "directory", name, at.child(name))
          : new FileSystemFileHandle(key, "file", name, at.child(name)),
      );
    }
  }

  class StorageManager {
    constructor(secret = undefined) {
      if (secret !== key) throw new TypeError("Illegal constructor");
      this[webidl.brand] = webidl.brand;
    }
    // The directory that has all mounts in it: `bundle`, `tmp`, and those of the configuration.
    async getDirectory() {
      webidl.assertBranded(this, StorageManager.prototype);
      return mountHandle("", new Place(ROOT, "", undefined));
    }
  }
  webidl.configureInterface(StorageManager);

  return {
    FileSystemDirectoryHandle,
    FileSystemFileHandle,
    FileSystemHandle,
    FileSystemWritableFileStream,
    StorageManager,
    // The directory of a binding, by its number.
    grantedDirectory: (index, name) => mountHandle(name, new Place(index, "", undefined)),
    makeStorage: () => ObjectFreeze(new StorageManager(key)),
  };
})();
