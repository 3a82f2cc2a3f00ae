// The settings that llm-router reads; each provider's own stand in its file.
import type { Section } from "@nocp/contracts/settings/setting.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { budgetsSection } from "@nocp/runtime/budgets/budgets-section.ts";
import { outputSchemaSection, promptCacheSection } from "@nocp/runtime/config/sections.ts";
import { breakersSection } from "./breakers/config.ts";
import { strategySections } from "./routing/strategy-table.ts";

/** All that the service reads. */
export const routerSections: readonly Section[] = [
  routerSection,
  breakersSection,
  budgetsSection,
  outputSchemaSection,
  promptCacheSection,
  ...vendors.map(({ section }) => section),
  ...strategySections,
];
