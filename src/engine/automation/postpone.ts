import { Module } from 'node:module';

/**
 * Packages that the SDK loads at its start for functions turned into code (closures), which hardly any program has, and for
 * starting the CLI by itself, which it never does here: half of what starting a child costs.
 */
const SELDOM_USED = ['typescript', '@npmcli/arborist', 'normalize-package-data', 'execa'];

/**
 * Lets these packages be loaded when something of theirs is first looked at, wherever they are required from. Packages that
 * are not there, or loaded already, stay as they are. `require` resolves as the SDK does.
 */
export function postpone(require: NodeJS.Require, packages: readonly string[] = SELDOM_USED): void {
  for (const name of packages) {
    const path = pathOf(require, name);
    if (path === undefined || require.cache[path]) continue;
    const module = new Module(path);
    module.filename = path;
    module.loaded = true;
    let real: object | undefined;
    const load = (): object => {
      if (real) return real;
      if (require.cache[path] === module) delete require.cache[path];
      real = require(path) as object;
      return real;
    };
    module.exports = new Proxy({}, standingFor(load));
    require.cache[path] = module;
  }
}

/**
 * `__esModule` is what compiled imports ask before they copy every name; true lets them keep the stand-in. They then take for
 * `default` what a package that is no ES module is as a whole.
 */
const standingFor = (load: () => object): ProxyHandler<object> => ({
  get: (_, key) => {
    if (key === '__esModule') return true;
    const real = load();
    return key === 'default' && !('__esModule' in real) ? real : Reflect.get(real, key);
  },
  has: (_, key) => Reflect.has(load(), key),
  set: (_, key, value) => Reflect.set(load(), key, value),
  ownKeys: () => Reflect.ownKeys(load()),
  getOwnPropertyDescriptor: (_, key) => {
    const found = Reflect.getOwnPropertyDescriptor(load(), key);
    return found && { ...found, configurable: true };
  },
});

function pathOf(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    // Another version of the SDK does without it.
    return undefined;
  }
}
