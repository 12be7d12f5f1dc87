// Recorded and shortened: /proc/self/cgroup and the lines of /proc/self/mountinfo that matter.
import { describe, expect, test } from '@jest/globals';
import { locateCgroups } from '../../../src/runner/process-tree/cgroup-location.ts';

const unifiedMount =
  '35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate';
const disk = '26 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw';

const cases = {
  'a desktop with the unified hierarchy alone': {
    cgroup: '0::/user.slice/user-1000.slice/user@1000.service/app.slice/vte-spawn-1.scope\n',
    mountinfo: `${disk}\n${unifiedMount}\n`,
    unified: '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/vte-spawn-1.scope',
    memoryV1: null,
  },
  'a process in the root group of both hierarchies': {
    cgroup: '4:memory:/\n0::/\n',
    mountinfo: [
      '34 30 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
      '40 30 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
    ].join('\n'),
    unified: '/sys/fs/cgroup/unified',
    memoryV1: '/sys/fs/cgroup/memory',
  },
  'controllers that share a hierarchy': {
    cgroup: '5:cpu,cpuacct:/a\n4:pids,memory:/b\n1:name=systemd:/c\n',
    mountinfo: [
      '33 30 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
      '34 30 0:31 / /sys/fs/cgroup/pids,memory rw master:3 - cgroup cgroup rw,pids,memory',
    ].join('\n'),
    unified: null,
    memoryV1: '/sys/fs/cgroup/pids,memory/b',
  },
  'a container that sees its own part of the hierarchy only': {
    cgroup: '4:memory:/docker/0f1e\n0::/docker/0f1e\n',
    mountinfo: [
      '34 30 0:31 /docker/0f1e /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory',
      '40 30 0:37 /docker/0f1e /sys/fs/cgroup/unified ro - cgroup2 cgroup2 rw',
    ].join('\n'),
    unified: '/sys/fs/cgroup/unified',
    memoryV1: '/sys/fs/cgroup/memory',
  },
  'a group below the part that a container sees': {
    cgroup: '0::/docker/0f1e/tests\n',
    mountinfo: '40 30 0:37 /docker/0f1e /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
    unified: '/sys/fs/cgroup/tests',
    memoryV1: null,
  },
  'a part that another container sees': {
    cgroup: '0::/docker/0f1e\n',
    mountinfo: '40 30 0:37 /docker/0f /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
    unified: null,
    memoryV1: null,
  },
  'a cgroup namespace whose root is our group': {
    cgroup: '0::/\n',
    mountinfo: unifiedMount,
    unified: '/sys/fs/cgroup',
    memoryV1: null,
  },
  'a process that was moved out of its cgroup namespace': {
    cgroup: '0::/../sibling\n',
    mountinfo: unifiedMount,
    unified: null,
    memoryV1: null,
  },
  'a mount that was made outside of our cgroup namespace': {
    cgroup: '0::/\n',
    mountinfo: '35 24 0:30 /../.. /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
    unified: null,
    memoryV1: null,
  },
  'one mount over another, at a path with a space': {
    cgroup: '0::/a\n',
    mountinfo: `${unifiedMount}\n41 35 0:30 / /mnt/c\\040g rw - cgroup2 none rw\n`,
    unified: '/mnt/c g/a',
    memoryV1: null,
  },
  'a group whose path has a colon': {
    cgroup: '0::/a:b\n',
    mountinfo: unifiedMount,
    unified: '/sys/fs/cgroup/a:b',
    memoryV1: null,
  },
  'a machine without control groups': { cgroup: '', mountinfo: disk, unified: null, memoryV1: null },
  'text that is something else': {
    cgroup: 'x\n0\n0::relative',
    mountinfo: 'x - cgroup2\n - cgroup2 y z\n',
    unified: null,
    memoryV1: null,
  },
};

describe('the own control groups of', () => {
  test.each(Object.entries(cases))('%s', (_, { cgroup, mountinfo, unified, memoryV1 }) => {
    expect(locateCgroups(cgroup, mountinfo)).toEqual({ unified, memoryV1 });
  });
});
