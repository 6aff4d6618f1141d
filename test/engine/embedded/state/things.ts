import { SECRET, SIGNATURE } from '../../../../src/engine/embedded/provider';
import type { ResourceState, Snapshot } from '../../../../src/engine/embedded/resource';

export function urn(name: string): string {
  return `urn:pulumi:dev::shop::lab:index:Thing::${name}`;
}

export function thing(name: string, more: Partial<ResourceState> = {}): ResourceState {
  return { urn: urn(name), custom: true, type: 'lab:index:Thing', id: `${name}-1`, ...more };
}

export function secret(value: string) {
  return { [SIGNATURE]: SECRET, value };
}

export function snapshot(...resources: ResourceState[]): Snapshot {
  return { resources, pendingOperations: [] };
}
