import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type CheckFailure,
  type Provider,
  UNKNOWN,
  type WireObject,
} from '../../../src/engine/embedded/provider';
import { type Cloud, type CloudSettings, openCloud } from '../../../src/engine/sandbox/cloud';
import { sandboxHost } from '../../../src/engine/sandbox/host';

export { UNKNOWN };

/** A sandbox in a folder of its own, and providers that are driven as an engine drives them. */
export class World {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'sandbox-'));
  readonly file = path.join(this.folder, '.signalbox/sandbox/cloud.db');
  readonly clouds: Cloud[] = [];

  /** One more process, as far as the file can tell. */
  open(settings: Partial<CloudSettings> = {}): Cloud {
    const cloud = openCloud(this.file, { seed: 'shop', faults: [], ...settings });
    this.clouds.push(cloud);
    return cloud;
  }

  remove(): void {
    for (const cloud of this.clouds) cloud.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const urnOf = (type: string, name: string, stack = 'shop-eu1'): string =>
  `urn:pulumi:${stack}::shop::${type}::${name}`;

export async function provider(
  cloud: Cloud,
  packageName: string,
  inputs: WireObject = {},
  stack = 'shop-eu1',
): Promise<Provider> {
  const found = await sandboxHost(cloud)(packageName, '');
  if (!found) throw new Error(`no provider of ${packageName}`);
  await found.configure({ urn: urnOf(`pulumi:providers:${packageName}`, packageName, stack), inputs });
  return found;
}

/** One resource of a program; each method is what an engine does for it. */
export class Subject {
  inputs: WireObject = {};
  outputs: WireObject = {};
  id = '';
  readonly call: { urn: string; type: string; name: string };

  constructor(
    readonly provider: Provider,
    readonly type: string,
    readonly name: string,
    stack = 'shop-eu1',
  ) {
    this.call = { urn: urnOf(type, name, stack), type, name };
  }

  async check(
    news: WireObject,
    olds: WireObject = this.inputs,
  ): Promise<{ inputs: WireObject; failures: readonly CheckFailure[] }> {
    return this.provider.check({ ...this.call, olds, news, randomSeed: new Uint8Array() });
  }

  async foresee(news: WireObject): Promise<WireObject> {
    const { inputs } = await this.check(news, {});
    const { properties } = await this.provider.create({
      ...this.call,
      properties: inputs,
      preview: true,
      timeout: 0,
    });
    return properties;
  }

  async create(news: WireObject): Promise<this> {
    const { inputs } = await this.check(news, {});
    const made = await this.provider.create({ ...this.call, properties: inputs, preview: false, timeout: 0 });
    [this.inputs, this.outputs, this.id] = [inputs, made.properties, made.id];
    return this;
  }

  async diff(news: WireObject, ignoreChanges: readonly string[] = []) {
    const { inputs } = await this.check(news);
    return this.provider.diff({
      ...this.call,
      id: this.id,
      oldInputs: this.inputs,
      olds: this.outputs,
      news: inputs,
      ignoreChanges,
    });
  }

  async update(news: WireObject, preview = false): Promise<WireObject> {
    const { inputs } = await this.check(news);
    const { properties } = await this.provider.update({
      ...this.call,
      id: this.id,
      oldInputs: this.inputs,
      olds: this.outputs,
      news: inputs,
      preview,
      ignoreChanges: [],
      timeout: 0,
    });
    if (!preview) [this.inputs, this.outputs] = [inputs, properties];
    return properties;
  }

  async read(): Promise<{ id: string; inputs: WireObject; properties: WireObject }> {
    return this.provider.read({
      ...this.call,
      id: this.id,
      inputs: this.inputs,
      properties: this.outputs,
    });
  }

  async delete(): Promise<void> {
    return this.provider.delete({
      ...this.call,
      id: this.id,
      oldInputs: this.inputs,
      properties: this.outputs,
      timeout: 0,
    });
  }
}

/** The message a promise is rejected with; empty where it is not. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
