// What the tools of Unix and Windows hosts print about several of their parts.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const hostCases: Readonly<Record<string, Make>> = {
  "entries of journalctl -o verbose": (words) =>
    records(words, 24, {
      name: "journalctl -o verbose",
      query: (value) => `What is the MESSAGE of the entry with _PID=${value}?`,
      record: (name, value, at) =>
        `Mon 2026-03-02 10:00:${two(at)}.048121 CET [s=ab12;i=${at}f;b=77;m=1c;t=60a;x=9]\n    PRIORITY=6\n    _UID=0\n    _GID=0\n    SYSLOG_FACILITY=3\n    SYSLOG_IDENTIFIER=${words.word()}\n    MESSAGE=Started the ${name} worker.\n    _TRANSPORT=stdout\n    _SYSTEMD_UNIT=${words.word()}.service\n    _PID=${value}\n    _HOSTNAME=web\n`,
      line: (value) => `_PID=${value}`,
      parent: (name) => `Started the ${name} worker`,
      siblings: /MESSAGE=/,
    }),
  "memory of several hosts": (words) =>
    records(words, 30, {
      name: "for host in ...; ssh free -m",
      query: (_, name) => `How much swap is used on ${name}?`,
      record: (name, value, at) =>
        `--- ${name} ---\n               total        used        free      shared  buff/cache   available\nMem:           32010       12${two(at)}0        9950         312        9012       18${two(at)}1\nSwap:           8191        ${value}        4000\n`,
      line: (value) => ` ${value} `,
      parent: (name) => `--- ${name} ---`,
      siblings: /^--- /,
    }),
  "iterations of top": (words) =>
    records(words, 16, {
      name: "top -b",
      query: (value) => `At which uptime did the process ${value} use a full CPU?`,
      record: (name, value, at) =>
        `top - 10:${two(at)}:01 up ${at + 3} days, 1 user, host ${name}\nTasks: 2${two(at)} total,   1 running, 210 sleeping,   0 stopped,   0 zombie\n%Cpu(s):  3.1 us,  1.0 sy,  0.0 ni, 95.6 id,  0.2 wa,  0.0 hi,  0.1 si,  0.0 st\nMiB Mem :  32010.5 total,   9950.3 free,  12440.1 used,   9620.1 buff/cache\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   ${value} app       20   0 1225316  90124  40120 R 100.0   0.3   0:12.${two(at)} ${words.word()}\n${times(4, (own) => `    9${own}${at % 10} root      20   0  225316  10124   8120 S   0.${own}   0.1   0:0${own}.10 ${words.word()}\n`).join("")}\n`,
      line: (value) => `${value} app`,
      parent: (name) => `host ${name}`,
      siblings: /^top - /,
    }),
  "disks of lsblk": (words) =>
    records(words, 24, {
      name: "lsblk",
      query: (value) => `On which disk is the partition of ${value}M?`,
      before: "NAME                MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS\n",
      record: (name, value, at) =>
        `disk_${`${name}`.padEnd(15)}8:${two(at)}    0   1.8T  0 disk \n├─part1             8:${at + 1}    0   512M  0 part /boot/${words.word()}\n├─part2             8:${at + 2}    0  ${value}M  0 part [SWAP]\n└─part3             8:${at + 3}    0   1.8T  0 part \n  └─vg-${words.word().padEnd(13)}253:0    0   1.8T  0 lvm  /srv\n`,
      line: (value) => `${value}M`,
      parent: (name) => `disk_${name}`,
      siblings: /^disk_/,
    }),
  "properties of systemctl show": (words) =>
    records(words, 22, {
      name: "systemctl show",
      query: (_, name) => `What is the MainPID of ${name}.service?`,
      record: (name, value, at) =>
        `Id=${name}.service\nType=notify\nRestart=on-failure\nNRestarts=${at}\nMainPID=${value}\nExecMainStartTimestamp=Mon 2026-03-02 10:00:${two(at)} CET\nMemoryCurrent=8${two(at)}0112\nTasksCurrent=${at + 2}\nFragmentPath=/etc/systemd/system/${words.word()}.service\nUnitFileState=enabled\n\n`,
      line: (value) => `MainPID=${value}`,
      parent: (name) => `Id=${name}.service`,
      siblings: /^Id=/,
    }),
  "chains of nftables": (words) =>
    records(words, 26, {
      name: "nft list ruleset",
      query: (value) => `Which chain accepts tcp port ${value}?`,
      before: "table inet filter {\n",
      record: (name, value) =>
        `\tchain ${name} {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tct state established,related accept\n\t\tiifname "lo" accept\n\t\ttcp dport ${value} accept\n\t\tlog prefix "${words.word()} "\n\t}\n\n`,
      after: "}\n",
      line: (value) => `dport ${value}`,
      parent: (name) => `chain ${name}`,
      siblings: /chain \w+/,
    }),
  "events of ausearch": (words) =>
    records(words, 26, {
      name: "ausearch -m execve",
      query: (value) => `Which command ran in the process with pid=${value}?`,
      record: (name, value, at) =>
        `----\ntime->Mon Mar  2 10:00:${two(at)} 2026\ntype=PROCTITLE msg=audit(17724${at}.102:3${two(at)}): proctitle=2F7573722F62696E\ntype=EXECVE msg=audit(17724${at}.102:3${two(at)}): argc=2 a0="/usr/bin/${name}" a1="--${words.word()}"\ntype=SYSCALL msg=audit(17724${at}.102:3${two(at)}): arch=c000003e syscall=59 success=yes exit=0 ppid=12 pid=${value} auid=1000 uid=0\n`,
      line: (value) => `pid=${value}`,
      parent: (name) => `/usr/bin/${name}`,
      siblings: /a0=/,
    }),
  "settings of network cards": (words) =>
    records(words, 18, {
      name: "ethtool",
      query: (value) => `Which interface runs at ${value}Mb/s?`,
      record: (name, value, at) =>
        `Settings for en${name}:\n\tSupported ports: [ TP ]\n\tSupported link modes:   10baseT/Half 10baseT/Full\n\t                        100baseT/Half 100baseT/Full\n\t                        1000baseT/Full\n\tSupports auto-negotiation: Yes\n\tSpeed: ${value}Mb/s\n\tDuplex: Full\n\tPort: Twisted Pair\n\tPHYAD: ${at}\n\tLink detected: yes\n`,
      line: (value) => `Speed: ${value}Mb/s`,
      parent: (name) => `en${name}:`,
      siblings: /^Settings for/,
    }),
  "logical volumes": (words) =>
    records(words, 20, {
      name: "lvdisplay",
      query: (_, name) => `How many Current LE has the volume ${name}?`,
      record: (name, value, at) =>
        `  --- Logical volume ---\n  LV Path                /dev/vg0/${name}\n  LV Name                ${name}\n  VG Name                vg0\n  LV UUID                aB${at}-Cd\n  LV Write Access        read/write\n  LV Status              available\n  # open                 1\n  LV Size                ${at + 2}.00 GiB\n  Current LE             ${value}\n  Segments               1\n  Allocation             inherit\n  Block device           253:${at}\n   \n`,
      line: (value) => `Current LE ${value}`,
      parent: (name) => name,
      siblings: /LV Name|LV Path/,
    }),
  "access lists of files": (words) =>
    records(words, 36, {
      name: "getfacl -R",
      query: (value) => `Which file may user u${value} write?`,
      record: (name, value) =>
        `# file: srv/shop/${name}.db\n# owner: app\n# group: app\nuser::rw-\nuser:${words.word()}:r--\nuser:u${value}:rw-\ngroup::r--\nmask::rw-\nother::---\n\n`,
      line: (value) => `u${value}:rw-`,
      parent: (name) => `srv/shop/${name}.db`,
      siblings: /^# file:/,
    }),
  "candidates of apt-cache policy": (words) =>
    records(words, 30, {
      name: "apt-cache policy",
      query: (_, name) => `Which version of lib${name} is installed?`,
      record: (name, value, at) =>
        `lib${name}:\n  Installed: 2.${value}-1\n  Candidate: 2.${value + 1}-1\n  Version table:\n     2.${value + 1}-1 500\n        500 http://deb.debian.org/debian bookworm/main amd64 Packages\n *** 2.${value}-1 100\n        100 /var/lib/dpkg/status\n     1.${at}-1 -1\n        100 /srv/${words.word()}\n`,
      line: (value) => `Installed: 2.${value}-1`,
      parent: (name) => `lib${name}:`,
      siblings: /^lib\w+:/,
    }),
  "peers of WireGuard": (words) =>
    records(words, 30, {
      name: "wg show",
      query: (value) => `Which peer has the endpoint port ${value}?`,
      before: "interface: wg0\n  public key: abc=\n  private key: (hidden)\n  listening port: 51820\n\n",
      record: (name, value, at) =>
        `peer: ${name}Key${at}=\n  endpoint: 192.0.2.${at}:${value}\n  allowed ips: 10.8.0.${at}/32\n  latest handshake: ${at} minutes, 4 seconds ago\n  transfer: ${at + 3}.12 MiB received, 40.1 MiB sent\n\n`,
      line: (value) => `:${value}`,
      parent: (name) => `peer: ${name}Key`,
      siblings: /^peer:/,
    }),
  "snapshots of restic": (words) =>
    records(words, 26, {
      name: "restic snapshots --group-by host",
      query: (value) => `On which host was the snapshot ab${value} taken?`,
      record: (name, value, at) =>
        `snapshots for (host [${name}]):\nID        Time                 Tags        Paths\n------------------------------------------------\n${times(3, (own) => `${own}c${at}d${own}e${own}   2026-03-0${own + 1} 10:00:${two(at)}  daily       /srv/${words.word()}\n`).join("")}ab${value}    2026-03-05 10:00:${two(at)}  daily       /home\n------------------------------------------------\n4 snapshots\n\n`,
      line: (value) => `ab${value}`,
      parent: (name) => `host [${name}]`,
      siblings: /^snapshots for/,
    }),
  "routes of several tables": (words) =>
    records(words, 24, {
      name: "ip route show table",
      query: (value) => `In which table is the route with metric ${value}?`,
      record: (name, value, at) =>
        `# ip route show table ${name}\ndefault via 10.0.${at}.1 dev eth0 proto static\n10.1.${at}.0/24 dev eth1 proto kernel scope link src 10.1.${at}.2\n10.2.${at}.0/24 via 10.0.${at}.7 dev eth0 metric ${value}\nunreachable 192.0.2.${at}\n\n`,
      line: (value) => `metric ${value}`,
      parent: (name) => `table ${name}`,
      siblings: /^# ip/,
    }),
  "services of Windows": (words) =>
    records(words, 26, {
      name: "sc queryex",
      query: (_, name) => `What is the PID of the service ${capitalised(name)}Svc?`,
      record: (name, value) =>
        `\r\nSERVICE_NAME: ${capitalised(name)}Svc\r\nDISPLAY_NAME: ${capitalised(words.word())} ${capitalised(words.word())}\r\n        TYPE               : 10  WIN32_OWN_PROCESS  \r\n        STATE              : 4  RUNNING \r\n                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)\r\n        WIN32_EXIT_CODE    : 0  (0x0)\r\n        CHECKPOINT         : 0x0\r\n        PID                : ${value}\r\n        FLAGS              : \r\n`,
      line: (value) => `PID : ${value}`,
      parent: (name) => `${capitalised(name)}Svc`,
      siblings: /SERVICE_NAME/,
    }),
  "mounts of an NFS client": (words) =>
    records(words, 26, {
      name: "nfsstat -m",
      query: (value) => `Which mount has timeo=${value}?`,
      record: (name, value, at) =>
        `/srv/${name} from nas${at}:/export/${words.word()}\n Flags:\trw,relatime,vers=4.2,rsize=1048576,wsize=1048576,namlen=255,hard,proto=tcp,timeo=${value},retrans=2,sec=sys,local_lock=none\n\n`,
      line: (value) => `timeo=${value}`,
      parent: (name) => `/srv/${name} from`,
      siblings: / from nas/,
    }),
  "volumes of Gluster": (words) =>
    records(words, 20, {
      name: "gluster volume info",
      query: (_, name) => `What is the auth port of the volume ${name}?`,
      record: (name, value, at) =>
        ` \nVolume Name: ${name}\nType: Replicate\nVolume ID: 7a${at}\nStatus: Started\nSnapshot Count: 0\nNumber of Bricks: 1 x 2 = 2\nTransport-type: tcp\nBricks:\nBrick1: ${words.word()}:/data/b1\nBrick2: ${words.word()}:/data/b2\nOptions Reconfigured:\nauth.port: ${value}\nnfs.disable: on\n`,
      line: (value) => `auth.port: ${value}`,
      parent: (name) => `Volume Name: ${name}`,
      siblings: /^Volume Name/,
    }),
};
