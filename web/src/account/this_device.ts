// What to call this device until its owner finds a better name: the system's own name, which is the same in every language.

/** Such as "iPhone" or "Windows"; by the hint of newer browsers, else by what the browser says of itself. */
export function device_of(agent: string, platform = ''): string {
  const kNames = ['iPhone', 'iPad', 'Android', 'Windows', 'CrOS', 'Macintosh', 'Linux'];
  const found = kNames.find((name) => agent.includes(name)) ?? '';
  const names: Record<string, string> = { CrOS: 'ChromeOS', Macintosh: 'Mac' };
  return platform || (names[found] ?? found);
}

export function this_device(): string {
  const about = navigator as Navigator & { userAgentData?: { platform?: string } };
  return device_of(navigator.userAgent, about.userAgentData?.platform);
}
