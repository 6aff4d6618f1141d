import { immutableFields } from './kubernetes-fields';
import { overlayOf } from './overlay/table';

/**
 * Whether it is known of a type which inputs force a new resource. The declarations do not say it: of types that nobody
 * described by hand, the sandbox makes every change in place, which a real cloud need not. True for what is no cloud's type.
 */
export function isDescribed(type: string): boolean {
  const [packageName, module = '', kind = ''] = type.split(':');
  if (packageName === 'aws') return overlayOf(type) !== undefined;
  if (packageName !== 'kubernetes') return true;
  // Custom resources may bear the name of a kind that is known.
  return BUILT_IN.test(module) && immutableFields(kind) !== undefined;
}

const BUILT_IN = /^(core|apps|batch|autoscaling|policy|[a-z]+(\.[a-z]+)*\.k8s\.io)\/v\w+$/;
