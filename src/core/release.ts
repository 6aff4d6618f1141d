import type { Pin } from './project';

/** `beta.12` */
export type ReleaseId = string & { readonly brand?: 'release' };

/** A frozen, numbered set of a track's pins; the same content is the same release again. */
export interface Release {
  readonly id: ReleaseId;
  readonly track: string;
  readonly number: number;
  readonly components: Readonly<Record<string, Pin>>;
  /** Digest of the SDK and provider versions the programs run with. */
  readonly sdk: string;
  /** `sha256:…` over component digests and `sdk`; commits are not part of it. */
  readonly digest: string;
}
