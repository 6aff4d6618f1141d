/** Regions whose availability zones are not the first three letters. */
const LETTERS: Readonly<Record<string, string>> = {
  'ap-northeast-1': 'acd',
  'ca-central-1': 'abd',
  'us-east-1': 'abcdef',
  'us-west-1': 'ac',
  'us-west-2': 'abcd',
};

/** How zone ids shorten the middle of a region's name. */
const SHORT: Readonly<Record<string, string>> = {
  central: 'c',
  east: 'e',
  north: 'n',
  northeast: 'ne',
  northwest: 'nw',
  south: 's',
  southeast: 'se',
  southwest: 'sw',
  west: 'w',
};

export interface Zone {
  /** `eu-west-1a`. */
  readonly name: string;
  /** `euw1-az1`. */
  readonly id: string;
}

/** The availability zones of a region that every account may use. */
export function zonesOf(region: string): readonly Zone[] {
  return [...(LETTERS[region] ?? 'abc')].map((letter) => zoneOf(`${region}${letter}`));
}

export function zoneOf(name: string): Zone {
  const [, region = '', letter = 'a'] = /^(.*?)([a-z])$/.exec(name) ?? [];
  const [area = 'eu', place = 'west', number = '1'] = region.split('-');
  return { name, id: `${area}${SHORT[place] ?? place[0]}${number}-az${letter.charCodeAt(0) - 96}` };
}
