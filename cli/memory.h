/* cli/memory.h -- a run that is too large for the machine ends with a message, not with the machine. */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

/* Lets allocations fail once nine tenths of the memory free now are used, so that lack of memory is
 * an error like others; Linux would grant it all and kill some process later. Where the amount
 * cannot be read, nothing changes. Programs started later inherit the limit. */
void memory_limit_to_machine(void);

/* Megabytes that memory_limit_to_machine() allows; 0 without a limit. */
unsigned long memory_limit_mib(void);

#endif
