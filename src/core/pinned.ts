import type { Contents, Pins } from './plan';
import type { Project, Stack, Track } from './project';

/** What a stack would run if everything followed the track folders as they are; `moved` replaces the pins of one track. */
export function pinnedContents(
  stack: Stack,
  project: Project,
  moved?: { readonly track: string; readonly pins: Pins },
): Contents {
  return Object.fromEntries(
    Object.entries(stack.components).flatMap(([key, { component, track, pin }]) => {
      const pins = moved?.track === track ? moved.pins : project.tracks[track]?.components;
      const content = pin ?? pins?.[component];
      return content
        ? [[key, { component, track, commit: content.commit, digest: content.digest }] as const]
        : [];
    }),
  );
}

/** First the tracks that take from trunk, then those that take from them: the order in which content flows. */
export function inFlow(tracks: Readonly<Record<string, Track>>): readonly Track[] {
  const depth = (track: Track): number => {
    const above = track.upstream === undefined ? undefined : tracks[track.upstream];
    return above ? 1 + depth(above) : 0;
  };
  return Object.values(tracks).sort((a, b) => depth(a) - depth(b) || (a.name < b.name ? -1 : 1));
}
