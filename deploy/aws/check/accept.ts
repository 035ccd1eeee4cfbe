import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Findings that are right about what they see and wrong about what to do, by their rule, each with the reason. */
export function accept(construct: IConstruct, reasons: Record<string, string>): void {
  const named = Object.entries(reasons).map(([rule, reason]) => ({ id: `${packOf(rule)}::${rule}`, reason }))
  Validations.of(construct).acknowledge(...named)
}

/** A rule's name begins with that of its pack. */
function packOf(rule: string): string {
  return rule.slice(0, rule.indexOf('-'))
}
