// headroom from PyPI.
import { type InstalledPython, type InstallOptions, installPythonPackage } from "./install-python-package.ts";

const version = "0.42.0";
const headroom = { name: "headroom", version, requirement: `headroom-ai[proxy]==${version}`, megabytes: 870 };

/** @throws NocpError MISSING_DEPENDENCY, see `installPythonPackage`. */
export const installHeadroom = (options: InstallOptions): Promise<InstalledPython> => installPythonPackage(headroom, options);
