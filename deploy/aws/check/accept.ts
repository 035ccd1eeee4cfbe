import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Findings that are right about what they see and wrong about what to do, by their rule, each with the reason. */
export function accept(construct: IConstruct, reasons: Record<string, string>): void {
  Validations.of(construct).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })))
}
