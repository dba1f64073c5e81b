# The toolchain of the WASM modules: clang and lld over Emscripten's headers and libraries. Debian's
# Emscripten has a compiler that is too old for relaxed SIMD and makes modules 4 % larger, and its
# driver passes what it links on to a wasm-opt that does not know the instructions; npm's does.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(EMSCRIPTEN TRUE)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_C_COMPILER clang-19)
set(CMAKE_C_COMPILER_TARGET wasm32-unknown-emscripten)
set(CMAKE_AR llvm-ar-19)
set(CMAKE_RANLIB llvm-ranlib-19)
find_program(RECUR_WASM_LLD wasm-ld-19 REQUIRED)

set(CMAKE_SYSROOT /usr/share/emscripten/cache/sysroot)
set(CMAKE_C_FLAGS_INIT "-Xclang -iwithsysroot/include/compat")
set(RECUR_WASM_LIBRARIES ${CMAKE_SYSROOT}/lib/wasm32-emscripten)
set(CMAKE_C_LINK_EXECUTABLE
    "${RECUR_WASM_LLD} <LINK_FLAGS> <OBJECTS> <LINK_LIBRARIES> -o <TARGET> -lstandalonewasm-memgrow \
-lc-optz -lemmalloc -lcompiler_rt --fatal-warnings --import-undefined --strip-debug \
--global-base=1024")
