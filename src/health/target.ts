import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';

/** Where a request really goes: every address was checked, and only these are dialled. */
export interface Target {
  readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[];
  readonly port?: number;
  /** A stand-in speaks plain HTTP, whatever the URL says. */
  readonly isStandIn: boolean;
}

/** Names the listener that stands in for a host, for example of the sandbox; undefined where there is none. */
export type Resolve = (hostname: string) => { readonly address: string; readonly port: number } | undefined;

export interface TargetOptions {
  readonly resolve?: Resolve;
  /** Loopback addresses are refused otherwise, as they are the checker's own machine. */
  readonly allowLoopback?: boolean;
}

/** Finds a host's addresses once; a `refused` text where it must not or cannot be asked. */
export async function findTarget(
  hostname: string,
  { resolve, allowLoopback = false }: TargetOptions,
): Promise<Target | { readonly refused: string }> {
  const name = hostname.replace(/^\[|\]$/g, '');
  const standIn = resolve?.(name);
  if (standIn) {
    const { address, port } = standIn;
    return { addresses: [{ address, family: isIPv6(address) ? 6 : 4 }], port, isStandIn: true };
  }
  if (metadataNames.test(name)) return { refused: `${name} is a metadata service, it is never asked` };
  let found: readonly { readonly address: string; readonly family: number }[];
  try {
    found = await lookup(name, { all: true });
  } catch (error) {
    return { refused: `${name} cannot be resolved (${(error as NodeJS.ErrnoException).code ?? error})` };
  }
  const addresses = found.map(({ address, family }) => ({
    address,
    family: family === 6 ? (6 as const) : (4 as const),
  }));
  for (const { address, family } of addresses) {
    const reason = denial(address, family === 6 ? 'ipv6' : 'ipv4', allowLoopback);
    if (reason) return { refused: `${name} is ${address}, ${reason}, it is never asked` };
  }
  return { addresses, isStandIn: false };
}

const metadataNames = /^(metadata(\.google\.internal|\.goog)?|instance-data(\.ec2\.internal)?)\.?$/i;

function denial(address: string, family: 'ipv4' | 'ipv6', allowLoopback: boolean): string | undefined {
  if (linkLocal.check(address, family)) return 'a link-local address';
  if (metadata.check(address, family)) return 'a metadata service';
  if (special.check(address, family)) return 'not the address of a host';
  if (!allowLoopback && loopback.check(address, family)) return 'a loopback address';
  return undefined;
}

/** IPv4 ranges also cover their IPv4-mapped IPv6 form (Node checks both); NAT64's prefix could embed any of them. */
const linkLocal = ranges(['169.254.0.0', 16], ['fe80::', 10]);
const loopback = ranges(['127.0.0.0', 8], ['::1', 128]);
const metadata = ranges(['100.100.100.200', 32], ['168.63.129.16', 32], ['fd00:ec2::', 32]);
const special = ranges(['0.0.0.0', 8], ['224.0.0.0', 3], ['::', 128], ['ff00::', 8], ['64:ff9b::', 96]);

function ranges(...subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, isIPv6(net) ? 'ipv6' : 'ipv4');
  return list;
}
