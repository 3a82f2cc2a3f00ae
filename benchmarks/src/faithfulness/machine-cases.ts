// What administrators read off machines and networks: inventories, interfaces, rules, disks, routes and events.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const machineCases: Readonly<Record<string, Make>> = {
  "memory of dmidecode": (words) =>
    records(words, 32, {
      name: "dmidecode -t memory",
      query: (value) => `Which slot holds the module with the serial number S${value}?`,
      before: "# dmidecode 3.5\nGetting SMBIOS data from sysfs.\nSMBIOS 3.3.0 present.\n\n",
      record: (name, value, at) =>
        `Handle 0x00${40 + at}, DMI type 17, 92 bytes\nMemory Device\n\tArray Handle: 0x0038\n\tTotal Width: 72 bits\n\tSize: 32 GB\n\tForm Factor: DIMM\n\tLocator: ${name}_${at}\n\tType: DDR4\n\tSpeed: 3200 MT/s\n\tManufacturer: ${capitalised(words.word())}\n\tSerial Number: S${value}\n\tRank: 2\n\n`,
      line: (value) => `Serial Number: S${value}`,
      parent: (name) => `Locator: ${name}_`,
      siblings: /^\tLocator/,
    }),
  "devices of lspci -v": (words) =>
    records(words, 36, {
      name: "lspci -v",
      query: (value) => `Which device uses IRQ ${value}?`,
      record: (name, value, at) =>
        `00:${two(at)}.0 Network controller: ${capitalised(name)} Semiconductor Device 1${at} (rev 02)\n\tSubsystem: ${capitalised(words.word())} Device 00${at}\n\tFlags: bus master, fast devsel, latency 0, IRQ ${value}\n${times(1 + words.below(3), (own) => `\tMemory at f7${at}${own}0000 (64-bit, non-prefetchable) [size=64K]\n`).join("")}\tKernel driver in use: ${words.word()}\n\n`,
      line: (value) => `IRQ ${value}`,
      parent: (name) => `${capitalised(name)} Semiconductor`,
      siblings: /^00:\d/,
    }),
  "drives of smartctl": (words) =>
    records(words, 20, {
      name: "smartctl -a",
      query: (value) => `Which drive model has ${value} power-on hours?`,
      record: (name, value, at) =>
        `smartctl 7.4 2023-08-01 r5530 [x86_64-linux] (local build)\n\n=== START OF INFORMATION SECTION ===\nDevice Model:     ${capitalised(name)} SX${at}\nSerial Number:    Z${at}9${at}\nUser Capacity:    4,000,787,030,016 bytes [4.00 TB]\n\n=== START OF READ SMART DATA SECTION ===\nSMART overall-health self-assessment test result: PASSED\n\nID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      RAW_VALUE\n  1 Raw_Read_Error_Rate     0x002f   200   200   051    Pre-fail  0\n  9 Power_On_Hours          0x0032   090   090   000    Old_age   ${value}\n194 Temperature_Celsius     0x0022   118   105   000    Old_age   ${30 + (at % 9)}\n\n`,
      line: (value) => `Old_age   ${value}`,
      parent: (name) => `${capitalised(name)} SX`,
      siblings: /^Device Model/,
    }),
  "interfaces of a router": (words) =>
    records(words, 28, {
      name: "show interfaces",
      query: (value) => `Which interface has ${value} input errors? Give its description.`,
      record: (name, value, at) =>
        `GigabitEthernet0/${at} is up, line protocol is up (connected)\n  Hardware is Gigabit Ethernet, address is 0050.56a1.00${two(at)}\n  Description: uplink to ${name}\n  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,\n     reliability 255/255, txload 1/255, rxload 1/255\n  Last input 00:00:0${at % 9}, output 00:00:01, output hang never\n  5 minute input rate ${at * 1000} bits/sec, ${at} packets/sec\n     ${90000 + at} packets input, ${80000 + at} bytes, 0 no buffer\n     ${value} input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored\n     ${70000 + at} packets output, ${60000 + at} bytes, 0 underruns\n`,
      line: (value) => `${value} input errors`,
      parent: (name) => `uplink to ${name}`,
      siblings: /Description:/,
    }),
  "configuration of a switch": (words) =>
    records(words, 36, {
      name: "show running-config",
      query: (value) => `Which port is in VLAN ${value}? Give its description.`,
      before: "Building configuration...\n\nCurrent configuration : 9012 bytes\n!\nversion 15.2\nhostname core-1\n!\n",
      record: (name, value, at) =>
        `interface GigabitEthernet1/0/${at + 1}\n description desk of ${name}\n switchport access vlan ${value}\n switchport mode access\n${times(words.below(3), (own) => ` storm-control broadcast level ${own + 2}.00\n`).join("")} spanning-tree portfast\n!\n`,
      after: "line vty 0 4\n login local\n!\nend\n",
      line: (value) => `switchport access vlan ${value}`,
      parent: (name) => `desk of ${name}`,
      siblings: /^ description/,
    }),
  "set commands of a router": (words) => {
    const names = words.words(36);
    const chosen = words.below(36);
    return {
      query: `Which description has the interface with vlan-id ${700 + chosen}?`,
      name: "show configuration | display set",
      text: names
        .map(
          (name, at) =>
            `set interfaces ge-0/0/${at} unit 0 description "to ${name}"\nset interfaces ge-0/0/${at} unit 0 vlan-id ${700 + at}\nset interfaces ge-0/0/${at} unit 0 family inet address 10.0.${at}.1/30\nset interfaces ge-0/0/${at} unit 0 family inet mtu 1500\n`,
        )
        .join(""),
      gold: {
        all: [`ge-0/0/${chosen} unit 0 description "to ${names[chosen]}"`, `ge-0/0/${chosen} unit 0 vlan-id ${700 + chosen}`],
      },
    };
  },
  "adapters of ipconfig": (words) =>
    records(words, 24, {
      name: "ipconfig /all",
      query: (value) => `Which adapter has the IAID ${value}?`,
      before:
        "\nWindows IP Configuration\n\n   Host Name . . . . . . . . . . . . : desk-1\n   Node Type . . . . . . . . . . . . : Hybrid\n   IP Routing Enabled. . . . . . . . : No\n\n",
      record: (name, value, at) =>
        `Ethernet adapter ${capitalised(name)}:\n\n   Connection-specific DNS Suffix  . : ${words.word()}.example\n   Description . . . . . . . . . . . : Virtual Adapter #${at}\n   DHCP Enabled. . . . . . . . . . . : Yes\n   IPv4 Address. . . . . . . . . . . : 10.0.${at}.4(Preferred)\n   Subnet Mask . . . . . . . . . . . : 255.255.255.0\n   DHCPv6 IAID . . . . . . . . . . . : ${value}\n   DNS Servers . . . . . . . . . . . : 10.0.0.1\n                                       10.0.0.2\n\n`,
      line: (value) => `: ${value}`,
      parent: (name) => `Ethernet adapter ${capitalised(name)}:`,
      siblings: /^Ethernet adapter/,
    }),
  "keys of reg query": (words) =>
    records(words, 40, {
      name: "reg query",
      query: (value) => `Which key sets the port 0x${value}?`,
      before: "\n",
      record: (name, value, at) =>
        `HKEY_LOCAL_MACHINE\\SOFTWARE\\Shop\\${capitalised(name)}\n    Path    REG_SZ    C:\\Shop\\${words.word()}\n    Port    REG_DWORD    0x${value}\n${times(words.below(3), (own) => `    Flag${own}    REG_DWORD    0x${at}\n`).join("")}    Owner    REG_SZ    ${words.word()}\n\n`,
      line: (value) => `0x${value}`,
      parent: (name) => `Shop\\${capitalised(name)}`,
      siblings: /^HKEY/,
    }),
  "events of Format-List": (words) =>
    records(words, 28, {
      name: "Get-WinEvent | Format-List",
      query: (value) => `Which provider wrote the event with the Id ${value}?`,
      before: "\n\n",
      record: (name, value, at) =>
        `TimeCreated  : 3/2/2026 10:${two(at)}:00 AM\nProviderName : Shop-${capitalised(name)}\nId           : ${value}\nMessage      : ${words.sentence()}\n               \n               ${words.sentence()}\n               Reason: ${words.word()}\n\n`,
      line: (value) => `: ${value}`,
      parent: (name) => `Shop-${capitalised(name)}`,
      siblings: /^ProviderName/,
    }),
  "files of lsof": (words) =>
    records(words, 90, {
      name: "lsof -i",
      query: (value) => `Which command listens on port ${value}?`,
      before: "COMMAND    PID  USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n",
      record: (name, value, at) =>
        `${name.padEnd(9)}${String(900 + at).padStart(5)}  shop  ${String(at).padStart(3)}u  IPv4  ${30000 + at}      0t0  TCP *:${value} (LISTEN)\n`,
      line: (value) => `*:${value} (LISTEN)`,
      parent: (name) => name,
      siblings: /never/,
    }),
  "sockets with their details": (words) =>
    records(words, 60, {
      name: "ss -tnpi",
      query: (value) => `What is the rtt of the connection to port ${value}?`,
      before: "State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n",
      record: (name, value, at) =>
        `ESTAB  0      0      10.0.0.4:${22000 + at}    10.0.1.${at}:${value}    users:(("${name}",pid=${900 + at},fd=7))\n\t cubic wscale:7,7 rto:204 rtt:${value * 3}.31/0.9 mss:1448 cwnd:10 bytes_sent:${at}00 segs_out:${at}\n`,
      line: (value) => `rtt:${value * 3}.31`,
      parent: (name) => `"${name}"`,
      siblings: /^ESTAB/,
    }),
  "devices in dmesg": (words) =>
    nameBelow(
      records(words, 36, {
        name: "dmesg",
        query: (value) => `Which product has idProduct=${value}?`,
        record: (name, value, at) =>
          `[  ${10 + at}.100200] usb 1-${at}: new high-speed USB device number ${at + 2} using xhci_hcd\n[  ${10 + at}.250311] usb 1-${at}: New USB device found, idVendor=0bda, idProduct=${value}, bcdDevice= 1.00\n[  ${10 + at}.250320] usb 1-${at}: New USB device strings: Mfr=1, Product=2, SerialNumber=3\n[  ${10 + at}.250324] usb 1-${at}: Product: ${capitalised(name)} Receiver\n[  ${10 + at}.250327] usb 1-${at}: Manufacturer: ${words.word()}\n`,
        line: (value) => `idProduct=${value}`,
        parent: (name) => `Product: ${capitalised(name)} Receiver`,
        siblings: /Product: /,
      }),
    ),
  "neighbours of lldpctl": (words) =>
    records(words, 28, {
      name: "lldpctl",
      query: (value) => `Which system is connected by its port xe-${value}?`,
      before: `${"-".repeat(60)}\nLLDP neighbors:\n${"-".repeat(60)}\n`,
      record: (name, value, at) =>
        `Interface:    eth${at}, via: LLDP, RID: ${at + 1}, Time: 9 days, 10:00:0${at % 9}\n  Chassis:\n    ChassisID:    mac 00:50:56:a1:00:${two(at)}\n    SysName:      ${name}.example\n    SysDescr:     ${words.word()} ${words.word()}\n    MgmtIP:       10.0.9.${at}\n  Port:\n    PortID:       ifname xe-${value}\n    PortDescr:    ${words.word()}\n    TTL:          120\n${"-".repeat(60)}\n`,
      line: (value) => `ifname xe-${value}`,
      parent: (name) => `${name}.example`,
      siblings: /SysName:/,
    }),
  "call graph of perf": (words) =>
    records(words, 28, {
      name: "perf report --stdio",
      query: (value) => `Which function is called from step_${value}?`,
      before:
        "# To display the perf.data header info, please use --header/--header-only options.\n#\n# Samples: 12K of event 'cycles'\n#\n# Overhead  Command  Shared Object  Symbol\n# ........  .......  .............  ......\n#\n",
      record: (name, value, at) =>
        `    ${9 - (at % 9)}.${two(at)}%  shop     libshop.so     [.] ${name}_sum\n            |\n            ---${words.word()}_${at}\n               step_${value}\n               ${words.word()}_loop\n               main\n               __libc_start_main\n\n`,
      line: (value) => `step_${value}`,
      parent: (name) => `[.] ${name}_sum`,
      siblings: /\[\.\]/,
    }),
  "intervals of iostat": (words) => {
    const chosen = words.below(24);
    const time = (at: number) => `03/02/2026 ${two(at)}:00:01 AM`;
    return {
      query: `At what time did sdb write ${900 + chosen}.10 kB per second?`,
      name: "iostat -tx",
      text: `Linux 6.8.0 (desk-1)  03/02/2026  _x86_64_  (8 CPU)\n\n${times(
        24,
        (at) =>
          `${time(at)}\navg-cpu:  %user   %nice %system %iowait  %steal   %idle\n           ${at}.10    0.00    1.20    0.30    0.00   ${90 - at}.40\n\nDevice            r/s     w/s     rkB/s     wkB/s  %util\nsda              ${at}.00    4.00     ${at}.50     ${300 + at}.20   1.10\nsdb              ${at}.10    5.00     ${at}.70     ${900 + at}.10   2.10\n\n`,
      ).join("")}`,
      gold: { line: `${900 + chosen}.10`, parent: time(chosen), siblings: /^03\/02\/2026/ },
    };
  },
  "pools of zpool": (words) =>
    records(words, 22, {
      name: "zpool status",
      query: (value) => `Which pool has a device with ${value} checksum errors?`,
      record: (name, value, at) =>
        `  pool: ${name}\n state: ONLINE\n  scan: scrub repaired 0B in 0${at % 9}:10:00 with 0 errors on Sun Mar  1 00:24:01 2026\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n\t${name.padEnd(12)}ONLINE       0     0     0\n\t  mirror-0  ONLINE       0     0     0\n\t    sd${at}a    ONLINE       0     0  ${value}\n\t    sd${at}b    ONLINE       0     0     0\n\nerrors: No known data errors\n\n`,
      line: (value) => `0  ${value}`,
      parent: (name) => name,
      siblings: /pool: /,
    }),
  "paths of a BGP table": (words) => {
    const chosen = words.below(40);
    return {
      query: `Which network is reached over the path with AS ${4100 + chosen * 7}?`,
      name: "show ip bgp",
      text: `BGP table version is 91, local router ID is 10.0.0.1\nStatus codes: s suppressed, d damped, h history, * valid, > best, i - internal\n\n   Network          Next Hop            Metric LocPrf Weight Path\n${times(
        40,
        (at) =>
          `*> 10.${at + 1}.0.0/16     192.0.2.1                0    100      0 65001 i\n*                   192.0.2.${words.below(90) + 2}               0             0 65002 ${4100 + at * 7} i\n*                   198.51.100.${words.below(90)}            0             0 65003 ${9000 + at} i\n`,
      ).join("")}`,
      gold: { line: ` ${4100 + chosen * 7} i`, parent: `10.${chosen + 1}.0.0/16`, siblings: /10\.\d+\.0\.0\/16/ },
    };
  },
  "paths of multipath": (words) =>
    records(words, 36, {
      name: "multipath -ll",
      query: (value) => `Which map has a path on device 8:${value}?`,
      record: (name, value, at) =>
        `${name} (36001405a${at}f0) dm-${at} LIO-ORG,disk${at}\nsize=90G features='0' hwhandler='1 alua' wp=rw\n|-+- policy='service-time 0' prio=50 status=active\n| \`- 1:0:0:${at} sd${at}a 8:${at} active ready running\n\`-+- policy='service-time 0' prio=10 status=enabled\n  \`- 2:0:0:${at} sd${at}b 8:${value} active ready running\n`,
      line: (value) => `8:${value} active`,
      parent: (name) => `${name} (36001405a`,
      siblings: /dm-\d+/,
    }),
  "rules of a firewall": (words) =>
    records(words, 30, {
      name: "netsh advfirewall firewall show rule name=all",
      query: (value) => `Which rule is for the local port ${value}?`,
      before: "\n",
      record: (name, value) =>
        `Rule Name:                            Allow ${name}\n----------------------------------------------------------------------\nEnabled:                              Yes\nDirection:                            In\nProfiles:                             Domain,Private\nGrouping:                             ${words.word()}\nLocalIP:                              Any\nRemoteIP:                             Any\nProtocol:                             TCP\nLocalPort:                            ${value}\nRemotePort:                           Any\nAction:                               Allow\n\n`,
      line: (value) => `LocalPort: ${value}`,
      parent: (name) => `Allow ${name}`,
      siblings: /^Rule Name/,
    }),
};
