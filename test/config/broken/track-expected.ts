import type { Expected } from './case';

export const expectedTracks: Expected = {
  'a track named otherwise than its folder': [
    'tracks/beta/track.yaml:1:8 this track is named "beta", as its folder (write track: beta)',
  ],
  'an upstream that is no track': [
    'tracks/beta/track.yaml:2:11 "alfa" is not a track (did you mean "alpha"?)',
  ],
  'a track that follows itself': ['tracks/beta/track.yaml:2:11 upstream cycle: beta → beta'],
  'tracks in a circle': ['tracks/alpha/track.yaml:2:11 upstream cycle: alpha → beta → alpha'],
  'neither upstream nor trunk': [
    'tracks/beta/track.yaml:1:1 this track has neither upstream nor trunk (name the track it takes its releases from)',
  ],
  'both upstream and trunk': [
    'tracks/beta/track.yaml:3:1 "alpha" is the first track already (write upstream: alpha)',
    'tracks/beta/track.yaml:3:1 a track has an upstream or a trunk, not both (keep one)',
  ],
  'two first tracks': [
    'tracks/beta/track.yaml:2:1 "alpha" is the first track already (write upstream: alpha)',
  ],
  'a commit that reads as a number': [
    'tracks/beta/track.yaml:4:22 1e10 is a number, not text (quote it: "1e10")',
  ],
  'a short commit': ['tracks/beta/track.yaml:4:22 "9f3c" is not a commit (write all 40 hex digits)'],
  'a digest without its kind': [
    'tracks/beta/track.yaml:4:74 "ab00000000000000000000000000000000000000000000000000000000000000" is not a digest (write sha256: and 64 hex digits, as vendor pull does)',
  ],
  'a pin without a digest': ['tracks/beta/track.yaml:4:3 "digest" is missing'],
  'an unknown key of a pin': [
    'tracks/beta/track.yaml:4:66 "digst" is not a key here (did you mean "digest"?)',
  ],
  'a component with an unsafe name': [
    'stacks/test/test-eu1.yaml:6:3 "network" is not a component of track beta (did you mean "../network"?)',
    'tracks/beta/track.yaml:4:3 "../network" is not a safe name (use a-z, 0-9 and -, start with a letter, at most 63 characters)',
  ],
  'a track folder with an unsafe name': [
    'tracks/Gamma/track.yaml:1:1 "Gamma" is not a safe name (use a-z, 0-9 and -, start with a letter, at most 63 characters)',
  ],
  'a track folder without track.yaml': [
    'tracks/gamma/track.yaml:1:1 tracks/gamma holds no track.yaml (add one, or remove the folder)',
  ],
  'a component-first folder beside the tracks': [
    'tracks/web/track.yaml:1:1 tracks/web is laid out component first (this repository is track first: move its folders to tracks/<track>/web)',
  ],
  'a component-first folder of a known component': [
    'tracks/vpc/track.yaml:1:1 tracks/vpc is laid out component first (this repository is track first: move its folders to tracks/<track>/vpc)',
  ],
  'a snapshot whose schema is no JSON': [
    'tracks/beta/web/schema.json:1:1 this file is not JSON (run: npm run vendor -- pull --track beta)',
  ],
  'a snapshot whose schema holds nothing': [
    'tracks/beta/web/schema.json:1:1 this file holds no schema of inputs (run: npm run vendor -- pull --track beta)',
  ],
  'no pins for what is subscribed': [
    'stacks/production/shop-eu1.yaml:6:3 "web" is not a component of track beta (run: npm run vendor -- pull --track beta)',
    'stacks/test/test-eu1.yaml:6:3 "network" is not a component of track beta (run: npm run vendor -- pull --track beta)',
    'stacks/test/test-eu1.yaml:8:3 "web" is not a component of track beta (run: npm run vendor -- pull --track beta)',
  ],
};
