import { commit, digest, edit, sound } from '../repository';
import type { Broken } from './case';

const alpha = 'tracks/alpha/track.yaml';
const beta = 'tracks/beta/track.yaml';

export const brokenTracks: readonly Broken[] = [
  ['a track named otherwise than its folder', edit(beta, 'track: beta', 'track: gamma')],
  ['an upstream that is no track', edit(beta, 'upstream: alpha', 'upstream: alfa')],
  ['a track that follows itself', edit(beta, 'upstream: alpha', 'upstream: beta')],
  ['tracks in a circle', edit(alpha, 'trunk: { source: ., path: components }', 'upstream: beta')],
  ['neither upstream nor trunk', edit(beta, 'upstream: alpha\n', '')],
  ['both upstream and trunk', edit(beta, 'upstream: alpha', 'upstream: alpha\ntrunk: { source: . }')],
  ['two first tracks', edit(beta, 'upstream: alpha', 'trunk: { source: . }')],
  ['a commit that reads as a number', edit(beta, `"${commit}"`, '1e10')],
  ['a short commit', edit(beta, commit, '9f3c')],
  ['a digest without its kind', edit(beta, digest, digest.slice(7))],
  ['a pin without a digest', edit(beta, `, digest: "${digest}"`, '')],
  ['an unknown key of a pin', edit(beta, 'digest:', 'digst:')],
  ['a component with an unsafe name', edit(beta, 'network:', '../network:')],
  ['a track folder with an unsafe name', { 'tracks/Gamma/track.yaml': 'track: gamma\nupstream: beta\n' }],
  ['a track folder without track.yaml', { 'tracks/gamma/readme.md': 'nothing\n' }],
  ['a component-first folder beside the tracks', { 'tracks/web/beta/index.ts': '' }],
  [
    'a component-first folder of a known component',
    { 'components/vpc/index.ts': '', 'tracks/vpc/x/index.ts': '' },
  ],
  ['a snapshot whose schema is no JSON', { 'tracks/beta/web/schema.json': '{' }],
  ['a snapshot whose schema holds nothing', { 'tracks/beta/web/schema.json': '[]' }],
  ['no pins for what is subscribed', edit(beta, String(sound[beta]), 'track: beta\nupstream: alpha\n')],
];
