import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mountCommand } from './mount.ts';
import { openQueueLab } from './queue-lab.ts';

test('a run under a file size limit of zero says what is wrong, and leaves nothing in the line', async () => {
  const lab = openQueueLab();
  const { status, stderr } = await lab.script('ulimit -f 0; exec test-governor run pytest -- limited').ended;
  expect(stderr).toContain(
    'no tests ran. The queue cannot be used: the file size limit is reached; "test-governor doctor"',
  );
  expect(status).toBe(75);
  expect([...lab.list('tickets'), ...lab.list('leases'), ...lab.log()]).toEqual([]);
});

const command = mountCommand();
if (command !== null) {
  const [program = '', ...flags] = command;

  /** Runs a script on a disk of 64 KB that it alone sees. */
  const onSmallDisk = async (text: string) => {
    const lab = openQueueLab();
    const disk = join(lab.path, 'disk');
    mkdirSync(disk);
    const setUp = `set -u; mount -t tmpfs -o size=64k,mode=0700 none "$LAB/disk"; cd "$LAB"
      fill() { cat /dev/zero >"$LAB/disk/filler" 2>/dev/null || :; }
      up() { while [ ! -e "$LAB/up.$1" ]; do sleep 0.02; done; }
      queue="$BASESHOP_STATE_DIR/queue"`;
    const environment = { BASESHOP_STATE_DIR: join(disk, 'state') };
    return lab.start(program, [...flags, 'bash', '-c', `${setUp}\n${text}`], { environment }).ended;
  };

  describe('on a disk that is full', () => {
    test('a run and a script end with 75 and say why', async () => {
      const { stdout, stderr } = await onSmallDisk(`
        mkdir -m 700 "$LAB/disk/state"; fill
        test-governor run pytest -- full; echo "run $?"
        test-governor queue acquire --pid $$; echo "acquire $?"
        find "$queue" -type f -name '*.json'
        test-governor queue status >/dev/null; echo "status $?"
        rm "$LAB/disk/filler"; : >"$LAB/finish.after"
        test-governor run pytest -- after; echo "after $?"`);
      expect(stdout).toBe('run 75\nacquire 75\nstatus 0\nafter 0\n');
      expect(stderr).toContain(
        'no tests ran. The queue cannot be used: the disk is full; "test-governor doctor"',
      );
      expect(stderr).toContain('no place acquired. The queue cannot be used: the disk is full');
    });

    test('a run that was admitted before ends as it would have, and gives its place back', async () => {
      const { stdout } = await onSmallDisk(`
        : >"$LAB/finish.next"
        test-governor run pytest -- holder & holder=$!; up holder
        test-governor run pytest -- next 2>"$LAB/next.err" & next=$!
        while [ ! -s "$LAB/next.err" ]; do sleep 0.02; done
        fill; : >"$LAB/finish.holder"
        wait $next; echo "next $?"
        wait $holder; echo "holder $?"
        ls "$queue/leases" "$queue/tickets" | grep json`);
      expect(stdout).toBe('next 0\nholder 0\n');
    });
  });

  describe('on a disk that is read-only', () => {
    test('a run and a script end with 75 and say why; a run that was admitted before is not harmed', async () => {
      const { stdout, stderr } = await onSmallDisk(`
        test-governor run pytest -- holder & up holder
        mount -o remount,ro "$LAB/disk"
        test-governor run pytest -- late; echo "run $?"
        test-governor queue acquire --pid $$; echo "acquire $?"
        test-governor queue status | grep -c 'running *pytest'
        : >"$LAB/finish.holder"; wait %1; echo "holder $?"
        mount -o remount,rw "$LAB/disk"; : >"$LAB/finish.after"
        test-governor run pytest -- after; echo "after $?"`);
      expect(stdout).toBe('run 75\nacquire 75\n1\nholder 0\nafter 0\n');
      expect(stderr).toContain('no tests ran. The queue cannot be used: the file system is read-only');
      expect(stderr).toContain('no place acquired. The queue cannot be used: the file system is read-only');
    });

    test('a run that waits behind a dead holder gives up when its time is up, and does not spin', async () => {
      const { stdout } = await onSmallDisk(`
        test-governor run pytest -- holder & up holder; read -r tests <"$LAB/up.holder"
        BASESHOP_QUEUE_TIMEOUT=3 test-governor run pytest -- waiter 2>"$LAB/waiter.err" & waiter=$!
        while [ ! -s "$LAB/waiter.err" ]; do sleep 0.02; done
        mount -o remount,ro "$LAB/disk"
        kill -9 %1; kill -9 "$tests"
        wait $waiter; echo "waiter $?"`);
      expect(stdout).toBe('waiter 75\n');
    });
  });
}
