import { prefixLauncher } from './prefix.ts';

/** `systemd-inhibit --what=sleep command`. */
export const systemdInhibit = prefixLauncher({ names: ['systemd-inhibit'], inert: ['--list'] });
