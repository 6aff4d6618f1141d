import type { ProviderHost } from '../embedded/provider';
import { AWS } from './aws';
import type { Cloud } from './cloud';
import { KUBERNETES } from './kubernetes';
import { SandboxProvider } from './provider';

const DIALECTS = [AWS, KUBERNETES];

/** The sandbox's providers of `aws` and `kubernetes`; every other package is undefined. */
export function sandboxHost(cloud: Cloud): ProviderHost {
  return async (packageName) => {
    const dialect = DIALECTS.find((each) => each.packageName === packageName);
    return dialect && new SandboxProvider(cloud, dialect);
  };
}
