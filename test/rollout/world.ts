import type { Verdict } from '../../src/core/check';
import type { LedgerEvent } from '../../src/core/event';
import type { Fleet } from '../../src/core/fleet';
import type { Pins, RolloutKind } from '../../src/core/plan';
import type { Project } from '../../src/core/project';
import { type Instant, instant, plus } from '../../src/core/time';
import { entryOf } from '../../src/ledger/chain';
import { createMemoryLedger, emptyContent } from '../../src/ledger/memory';
import type { Entry, Ledger } from '../../src/ledger/port';
import { awaitingApproval } from '../../src/rollout/accept';
import { readFleet } from '../../src/rollout/journal';
import { holdTrack } from '../../src/rollout/lease';
import { type RunEnd, runRollout } from '../../src/rollout/loop';
import type { Ports } from '../../src/rollout/ports';
import { openRollout } from '../../src/rollout/request';
import { proposeRollout, startRollout } from '../../src/rollout/start';
import { Cloud, engineOf, type Mortal } from './cloud';
import { pin, projectOf, seconds, sha, type WorldShape } from './estate';
import { told } from './story';

/** The process was killed. */
export class Killed extends Error {}

export const scenario = (shape: WorldShape): World => new World(shape);

/** A small world: a track `beta` with components `web` and `net`, a pretend cloud, virtual time, a ledger that outlives crashes. */
export class World {
  readonly cloud = new Cloud();
  readonly project: Project;
  readonly content = emptyContent();
  now: Instant = instant(1_000_000);
  pins: Pins = {};
  /** What programs are given besides their operation. */
  given = { configuration: 'conf', versions: '7' };
  /** Stacks whose own file says something else. */
  readonly configured = new Map<string, string>();
  /** What a sample of this stack running this version says; healthy if it says nothing. */
  verdictOf: (stack: string, version: string, nth: number) => Verdict | undefined = () => undefined;
  /** How long a check waits for its answer. */
  sampleTakes = seconds(0);
  /** For how many turns of the event loop the ledger keeps its writer waiting. */
  appendTakes = 0;
  /** By how much every wait is too long. */
  late = seconds(0);
  /** Called after each appended entry. */
  onEntry: (entry: Entry) => void = () => undefined;
  /** Kill the driver at its n-th mortal point, from 1. */
  killAt = 0;
  points = 0;
  crashes = 0;
  onPoint: (point: string, number: number) => void = () => undefined;
  found: number | undefined;
  pid = 1;
  private readonly samples = new Map<string, number>();
  private readonly dead = new Set<number>();

  constructor(private readonly shape: WorldShape) {
    this.project = projectOf(shape);
  }

  ledger(): Ledger {
    return createMemoryLedger(this.content, { now: () => 0, isAlive: ({ pid }) => !this.dead.has(pid) });
  }

  fleet(): Promise<Fleet> {
    return readFleet(this.ledger());
  }

  /** The ports of a new driver process. */
  process(actor = 'ada'): Ports & Mortal {
    const pid = this.pid++;
    const live = (point?: string): void => {
      if (this.dead.has(pid)) throw new Killed('dead already');
      if (point === undefined) return;
      this.points++;
      this.onPoint(point, this.points);
      if (this.points !== this.killAt) return;
      this.dead.add(pid);
      this.crashes++;
      throw new Killed(point);
    };
    const until = async (at: Instant): Promise<void> => {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (!this.dead.has(pid) && at > this.now) this.now = plus(at, this.late);
    };
    const ledger = this.ledger();
    return {
      live,
      project: this.project,
      engine: engineOf(this.cloud, { live }),
      ledger: {
        ...bound(ledger),
        // Without the check of the whole chain at every look: thousands of runs would do nothing else.
        read: async (track, after = 0) =>
          (this.content.tracks.get(track)?.rows ?? []).slice(after).map(entryOf),
        append: async (...args) => {
          live();
          const entries = await ledger.append(...args);
          for (let turn = 0; turn < this.appendTakes; turn++)
            await new Promise((resolve) => setImmediate(resolve));
          for (const entry of entries) this.onEntry(entry);
          live(`after ${args[2].map(({ event }) => event.type).join(', ')}`);
          return entries;
        },
        renew: async () => true,
      },
      health: {
        sample: async (_check, outputs) => {
          const [stack, version] = [String(outputs['stack']), String(outputs['web']).replace('sha256:', '')];
          if (this.sampleTakes > 0) await until(plus(this.now, this.sampleTakes));
          const nth = (this.samples.get(stack) ?? 0) + 1;
          this.samples.set(stack, nth);
          const verdict = this.verdictOf(stack, version, nth) ?? 'healthy';
          return { verdict, reason: verdict === 'healthy' ? '200' : '503' };
        },
      },
      clock: {
        now: () => this.now,
        until,
        resolution: seconds(1),
        scale: 1,
      },
      pins: {
        restore: async (_track, pins) => {
          live();
          this.pins = pins;
          live('after the pins were put back');
        },
      },
      holder: { actor, host: 'here', pid },
      hash: sha,
      unique: () => 'x',
      variables: () => ({}),
      given: async (stack) => {
        const configuration = this.configured.get(stack) ?? this.given.configuration;
        return { ...this.given, configuration };
      },
      room: { parallel: this.shape.parallel ?? 4 },
      patience: seconds(5),
    };
  }

  /** Rolls a version out, starting again as often as the driver is killed, and says how it ended. */
  async promote(
    version: string,
    kind: RolloutKind = 'up',
    components: Pins = this.pinsOf(version),
    signal: AbortSignal = new AbortController().signal,
  ): Promise<string> {
    const before = this.pins;
    for (;;) {
      try {
        return await this.once({ version, kind, components, before, signal });
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        // A dead driver's open promises must not go on living.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  async baseline(version = 'v1'): Promise<void> {
    const end = await this.promote(version);
    if (end !== 'converged') throw new Error(`the baseline ended ${end}`);
    this.points = 0;
    this.samples.clear();
  }

  pinsOf(version: string): Pins {
    return { web: pin(version), net: pin('n1') };
  }

  async resume(ports: Ports = this.process()): Promise<RunEnd> {
    const open = await openRollout(ports, 'beta');
    if (!open) throw new Error('nothing is open');
    const held = await holdTrack(ports, 'beta');
    if ('heldBy' in held) return { is: 'blocked', rollout: '', resource: held.resource, heldBy: held.heldBy };
    try {
      return await runRollout(
        ports,
        held,
        { track: 'beta', rollout: open.started.rollout },
        new AbortController().signal,
      );
    } finally {
      await held.release();
    }
  }

  /** Somebody agrees to what would change now; the stacks that this was about. */
  async accept(stack?: string): Promise<readonly string[]> {
    const ports = this.process('bob');
    const held = await holdTrack(ports, 'beta');
    if ('heldBy' in held) throw new Error(`held by ${held.heldBy}`);
    try {
      const waiting = await awaitingApproval(
        ports,
        held,
        { track: 'beta', stack },
        new AbortController().signal,
      );
      if (waiting.is !== 'waiting') return [];
      await waiting.accept();
      return waiting.stacks.map(({ preview }) => preview.stack);
    } finally {
      await held.release();
    }
  }

  private async once({ version, kind, components, before, signal }: Command): Promise<string> {
    const ports = this.process();
    const ended = (await this.events()).findLast((event) => event.type === 'rollout-ended');
    const open = await openRollout(ports, 'beta');
    const release = open?.started.release;
    if (
      !open &&
      ended?.type === 'rollout-ended' &&
      this.wanted?.key === `${version} ${kind}` &&
      this.wanted.rollouts < (await this.rollouts())
    ) {
      return ended.outcome;
    }
    if (!open) {
      this.wanted = { key: `${version} ${kind}`, rollouts: await this.rollouts() };
      this.pins = components;
    }
    const held = await holdTrack(ports, 'beta');
    if ('heldBy' in held) return `held by ${held.heldBy}`;
    try {
      let rollout = open?.started.rollout;
      if (release === undefined) {
        const proposal = await proposeRollout(
          ports,
          { track: 'beta', kind, components, sdk: 'sdk', pinsBefore: before },
          signal,
        );
        if (proposal.is !== 'ready')
          return proposal.is === 'refused' ? `refused: ${proposal.reason}` : proposal.is;
        const started = await startRollout(ports, held, proposal);
        if ('refused' in started) return `refused: ${started.refused}`;
        rollout = started.rollout;
      }
      const end = await runRollout(ports, held, { track: 'beta', rollout: rollout ?? '' }, signal);
      return end.is === 'ended' ? end.outcome : end.is === 'waiting' ? `waiting: ${end.reason}` : end.is;
    } finally {
      await held.release();
    }
  }

  private wanted: { readonly key: string; readonly rollouts: number } | undefined;

  private async rollouts(): Promise<number> {
    return (await this.events()).filter(({ type }) => type === 'rollout-started').length;
  }

  async events(track = 'beta'): Promise<LedgerEvent[]> {
    return (await this.ledger().read(track)).map(({ event }) => event);
  }

  /** One line per event since the last start of a rollout, previews and samples left out. */
  async story(): Promise<string> {
    const events = await this.events();
    const start = events.findLastIndex(({ type }) => type === 'rollout-started');
    return events.slice(start).flatMap(told).join('\n');
  }

  /** Stack → version of web that really runs. */
  runs(): Record<string, string> {
    return Object.fromEntries(
      [...this.cloud.stacks]
        .sort()
        .map(([name, { contents }]) => [name, (contents['web'] ?? '').replace('sha256:', '')]),
    );
  }
}

interface Command {
  readonly version: string;
  readonly kind: RolloutKind;
  readonly components: Pins;
  readonly before: Pins;
  readonly signal: AbortSignal;
}

function bound(ledger: Ledger): Ledger {
  return {
    read: (...args) => ledger.read(...args),
    tracks: () => ledger.tracks(),
    append: (...args) => ledger.append(...args),
    acquire: (...args) => ledger.acquire(...args),
    holderOf: (resource) => ledger.holderOf(resource),
    renew: (...args) => ledger.renew(...args),
    release: (...args) => ledger.release(...args),
    verify: (...args) => ledger.verify(...args),
    close: () => ledger.close(),
  };
}
