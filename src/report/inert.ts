/** Text for Markdown in which nothing is markup, a link or a mention of somebody. */
export const inert = (text: string): string =>
  text
    .replaceAll(/[&<>|`*_[\]()!#~$\\]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll('@', '@<!-- -->')
    .replaceAll('://', ':<!-- -->//')
    // Hosts make links of these by themselves.
    .replaceAll(/www\./gi, (www) => `${www.slice(0, 3)}<!-- -->.`);
