import type { Check } from './check';
import type { Duration } from './time';

/** A repository's configuration after schemas, imports and cross-file rules: plain data, everything resolved. */
export interface Project {
  readonly name: string;
  readonly engine: EngineSettings;
  readonly sandbox: SandboxSettings;
  /** Ordered by risk, the least first. */
  readonly channels: readonly Channel[];
  readonly environments: Readonly<Record<string, Environment>>;
  readonly tracks: Readonly<Record<string, Track>>;
  readonly stacks: Readonly<Record<string, Stack>>;
}

export type CloudKind = 'sandbox' | 'real';

/** The embedded engine works on the sandbox; the real CLI on a real cloud, unless the file says `cloud: sandbox`. */
export const cloudOf = ({ kind, cloud }: EngineSettings): CloudKind =>
  cloud ?? (kind === 'embedded' ? 'sandbox' : 'real');

export interface EngineSettings {
  readonly kind: 'embedded' | 'pulumi';
  /** Which cloud it works on, where the file says it: see `cloudOf`. */
  readonly cloud?: CloudKind;
  /** Path of the CLI, where the file names one. */
  readonly command?: string;
  /** State backend URL; the default is that of `Pulumi.yaml` on a real cloud, else a file backend under `.signalbox/state`. */
  readonly backend?: string;
  /** How many stack operations run at once. */
  readonly parallel?: number;
  /** Tighter limits inside of `parallel`: see `roomOf`. */
  readonly limits?: Limits;
  /** The longest one stack operation may take. */
  readonly timeout: Duration;
}

/** How many stack operations run at once. */
export interface Limits {
  /** On the state backend. */
  readonly perBackend?: number;
  /** In each account. */
  readonly perAccount?: number;
  /** In single accounts, instead of `perAccount`. */
  readonly accounts: Readonly<Record<string, number>>;
}

export interface SandboxSettings {
  /** How many sandbox seconds pass in one real second. */
  readonly timeScale: number;
  readonly seed: string;
  readonly faults: readonly Fault[];
}

/** A fault the sandbox plays. Whom it befalls follows from `match` and the seed alone, in every process and at every run. */
export interface Fault {
  /** Every field given must match, `*` is a wildcard. */
  readonly match: {
    readonly stack?: string;
    readonly type?: string;
    readonly name?: string;
    /** Container image of a workload (unhealthy only), for example `shop:2.5.*`. */
    readonly image?: string;
    /** Percent of the resources that match, drawn by the seed. */
    readonly share?: number;
  };
  /** Real time added to each provider call. */
  readonly latency?: Duration;
  /**
   * So many calls a second of wall time are taken of all that match together, so many at once after a pause; others are
   * refused, and the provider tries again until it has had enough.
   */
  readonly throttle?: { readonly perSecond: number; readonly burst: number };
  /** Fails these calls with this text. */
  readonly fail?: {
    readonly call: 'create' | 'update' | 'delete';
    readonly message: string;
    readonly nth?: number;
  };
  /** The effect happens, but its answer is lost: the call fails all the same. */
  readonly responseLost?: { readonly call: 'create' | 'update' | 'delete'; readonly nth?: number };
  /** Somebody changed this property by hand, once, after the resource was made; `null` takes it away. */
  readonly drift?: { readonly property: string; readonly value: Value };
  /** The workload never becomes ready, and what it serves answers 503. */
  readonly unhealthy?: boolean;
  /** How long after a create or update, in sandbox time, what a workload serves answers 503. */
  readonly readyAfter?: Duration;
}

export interface Channel {
  readonly name: string;
  /** Cumulative shares of the channel's stacks; the last one is all of them. */
  readonly waves: readonly WaveSize[];
  /** The least healthy time after each wave. */
  readonly soak: Duration;
  /** How many stacks of a rollout may fail in this channel before it stops. */
  readonly failureBudget: number;
  readonly onFailure: 'take-back' | 'halt';
}

export type WaveSize = { readonly count: number } | { readonly percent: number };

/** How a stack's child process reaches its account; only these variables are handed on. */
export interface Environment {
  /** What its operations are counted by; see `accountOf`. */
  readonly account?: string;
  readonly profile?: string;
  readonly region?: string;
  /** The role that the profile's (or a web identity's) credentials assume: its ARN, or its name in the account. */
  readonly role?: string;
  /** Names of variables passed through from the driver's own environment. */
  readonly variables: readonly string[];
}

export interface Track {
  readonly name: string;
  /** The track this one takes its releases from; a first track has `trunk` instead. */
  readonly upstream?: string;
  readonly trunk?: { readonly source: string; readonly path: string; readonly ref: string };
  readonly components: Readonly<Record<string, Pin>>;
}

/** A component at a commit. Identity is the digest of its tree; the commit says where it came from. */
export interface Pin {
  /** 40 hex digits. */
  readonly commit: string;
  /** `sha256:` and 64 hex digits over the component's files (see vendor/digest.ts). */
  readonly digest: string;
}

export interface Stack {
  readonly name: string;
  readonly channel: string;
  /** The track of components that name none of their own. */
  readonly track?: string;
  readonly environment?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly dependsOn: readonly string[];
  /** Comes last in its channel, with a failure budget of 0. */
  readonly critical: boolean;
  /** Package name → provider inputs; one explicit provider per package, named after the package. */
  readonly providers: Readonly<Record<string, Value>>;
  readonly components: Readonly<Record<string, StackComponent>>;
  readonly outputs: Readonly<Record<string, Value>>;
  readonly checks: readonly Check[];
}

export interface StackComponent {
  /** The component's name in the track (by default the key in the stack file). */
  readonly component: string;
  readonly track: string;
  /** A planned, dated divergence: this content instead of the track's. */
  readonly pin?: StrictPin;
  readonly inputs: Readonly<Record<string, Value>>;
}

export interface StrictPin extends Pin {
  readonly reason: string;
  /** RFC 3339 date or instant at which the pin must be gone. */
  readonly until: string;
}

/**
 * A value as written in a stack file. Nothing is interpolated: references are objects with exactly these keys:
 * `{from: 'network.vpcId'}`, `{secret: 'dbPassword'}`, `{fromStack: 'edge-eu', output: 'url'}`.
 */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
