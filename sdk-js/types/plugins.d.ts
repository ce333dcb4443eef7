declare module "worky:plugins" {
  /** A plugin could not do what it was asked. */
  export class PluginError extends Error {}
  /** A plugin crashed. Its next call gets a fresh instance. */
  export class PluginTrapError extends PluginError {
    /** The stack of the WebAssembly code, where there is one. */
    readonly details?: string;
  }
  /** A plugin ran into one of its limits. */
  export class PluginLimitError extends PluginError {
    /** The limit's key in the configuration, such as `call_ms`. */
    readonly limit: string;
  }
  /** A function answered with the error of its `result`. */
  export class ComponentError<Payload = unknown> extends Error {
    readonly payload: Payload;
  }
}
