import type { Instant } from '../../core/time';
import type { WireObject } from '../embedded/provider';
import type { Effect } from './fault';

/** Where a resource lives: `scope` is the region or cluster within the stack's account. */
export interface Place {
  readonly stack: string;
  readonly scope: string;
}

export interface Resource extends Place {
  readonly type: string;
  readonly id: string;
  readonly urn: string;
  readonly name: string;
  /** Secrets are not stored: they are a secret without a value. */
  readonly inputs: WireObject;
  readonly outputs: WireObject;
  /** Pods that are ready; undefined for what is no workload. */
  readonly ready?: number;
  /** How many resources had its URN before it. */
  readonly births: number;
  /** 1 when created, one more with each update. */
  readonly revision: number;
  readonly created: Instant;
  /** Of its create or last update. */
  readonly changed: Instant;
}

/** What a create or update makes of a resource. */
export interface Made {
  readonly id: string;
  readonly inputs: WireObject;
  readonly outputs: WireObject;
  readonly ready?: number;
  /** DNS names it answers to. */
  readonly hosts: readonly string[];
}

export interface NewResource extends Place {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
}

/** One effect on the cloud, an attempt that it refused, or a change by somebody's hand. */
export interface Call {
  readonly seq: number;
  readonly at: Instant;
  readonly stack: string;
  readonly call: Effect | 'throttled' | 'drifted';
  /** The token of a function where that was called. */
  readonly urn: string;
  readonly id: string;
}

/** The cloud refused; nothing was changed. */
export class Refusal extends Error {}

/** The cloud did what was asked, but its answer never arrived. */
export class ResponseLost extends Error {}

export interface ResourceKey extends Place {
  readonly type: string;
  readonly id: string;
}
