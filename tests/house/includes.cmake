# A file that sees FOLDERS compiles with every header of ALLOWED, and does not with any of REFUSED
# because the header is not found.
list(TRANSFORM FOLDERS PREPEND -I)
set(ENV{LC_ALL} C)

function(compile header)
  file(WRITE ${SCRATCH} "#include \"${header}\"\n")
  execute_process(
    COMMAND ${COMPILER} -std=c11 -D_DEFAULT_SOURCE -fsyntax-only ${FOLDERS} ${SCRATCH}
    RESULT_VARIABLE code ERROR_VARIABLE errors)
  set(code ${code} PARENT_SCOPE)
  set(errors ${errors} PARENT_SCOPE)
endfunction()

foreach(header ${ALLOWED})
  compile(${header})
  if(NOT code EQUAL 0)
    message(SEND_ERROR "${header} should be found:\n${errors}")
  endif()
endforeach()
foreach(header ${REFUSED})
  compile(${header})
  if(code EQUAL 0)
    message(SEND_ERROR "${header} should not be found, and is")
  elseif(NOT errors MATCHES "fatal error: '?${header}'?(: No such file| file not found)")
    message(SEND_ERROR "${header} fails for another reason:\n${errors}")
  endif()
endforeach()
