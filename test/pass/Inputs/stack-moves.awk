# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Prints how many times each function saves to the stack or reads from it, in
# x86-64 assembly. Not counted: blocks that call a slow helper.
function endBlock() { if (!isSlow) moves += inBlock; inBlock = 0; isSlow = 0 }
/^[A-Za-z_][^ \t]*:/ { endBlock(); f = $1; moves = 0 }
/^\.LBB/ { endBlock() }
/^#? *%bb\./ { endBlock() }
/\(%rsp\)|push|pop/ { ++inBlock }
/__heapfence_slow/ { isSlow = 1 }
/^\.Lfunc_end/ { endBlock(); if (f !~ /^__heapfence/) print f, moves }
