declare module "plugin:*" {
  const all: any;
  export = all;
}
declare module "worky:plugins" {
  export class PluginError extends Error {}
  export class PluginTrapError extends PluginError {}
  export class PluginLimitError extends PluginError {
    limit: string;
  }
  export class ComponentError extends Error {
    payload: any;
  }
}
