// Where a handle points: a mount, the names in it, and for the files of a request, which request.
(function () {
  const { core, primordials } = __bootstrap;
  const { ArrayPrototypeConcat, ArrayPrototypeJoin, ArrayPrototypeSlice, StringPrototypeSplit, TypeError } = primordials;
  const { currentRequest } = core.loadExtScript("ext:worky/context.js");

  // Mounts that are none of the worker's bindings, as src/ops/files.rs numbers them.
  const TMP = -1;
  const BUNDLE = -2;
  // The directory that has all mounts in it. The host does not know it.
  const ROOT = -3;

  // Names of the worker's own mounts, by number.
  let granted = [];

  class Place {
    constructor(mount, path, owner) {
      this.mount = mount;
      this.path = path;
      this.owner = owner;
    }
    child(name) {
      return new Place(this.mount, this.path === "" ? name : `${this.path}/${name}`, this.owner);
    }
    parent() {
      const names = this.#names();
      return new Place(this.mount, ArrayPrototypeJoin(ArrayPrototypeSlice(names, 0, -1), "/"), this.owner);
    }
    isMount() {
      return this.path === "";
    }
    is(other) {
      return this.mount === other.mount && this.path === other.path && this.owner === other.owner;
    }
    #names() {
      return this.path === "" ? [] : StringPrototypeSplit(this.path, "/");
    }
    #fromRoot() {
      return this.mount === ROOT ? [] : ArrayPrototypeConcat([mountName(this.mount)], this.#names());
    }
    // The names from here to another place; null where it is not in here.
    namesTo(other) {
      if (this.mount !== ROOT && (this.mount !== other.mount || this.owner !== other.owner)) return null;
      const mine = this.#fromRoot();
      const theirs = other.#fromRoot();
      if (mine.length > theirs.length) return null;
      for (let i = 0; i < mine.length; i++) if (mine[i] !== theirs[i]) return null;
      return ArrayPrototypeSlice(theirs, mine.length);
    }
    // The request on whose behalf the host acts: a request's own files are those of the one that asked for them,
    // whoever has the handle now.
    request(otherwise = undefined) {
      if (this.mount === TMP) return this.owner;
      const id = currentRequest() ?? otherwise;
      if (id === undefined) {
        throw new TypeError("files: no operation is possible at the top level of a module; use it inside a handler");
      }
      return id;
    }
  }

  function mountName(mount) {
    return mount === TMP ? "tmp" : mount === BUNDLE ? "bundle" : granted[mount];
  }

  function mountNames() {
    return ArrayPrototypeConcat(["bundle", "tmp"], granted);
  }

  // A mount by name; null where there is none.
  function topPlace(name) {
    if (name === "bundle") return new Place(BUNDLE, "", undefined);
    if (name === "tmp") {
      const owner = currentRequest();
      if (owner === undefined) throw new TypeError("files: tmp belongs to a request; ask for it inside a handler");
      return new Place(TMP, "", owner);
    }
    for (let i = 0; i < granted.length; i++) if (granted[i] === name) return new Place(i, "", undefined);
    return null;
  }

  return { BUNDLE, grant: (names) => granted = names, mountNames, Place, ROOT, TMP, topPlace };
})();
