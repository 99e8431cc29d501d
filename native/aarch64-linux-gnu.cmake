# Debian's cross compiler for arm64. AARCH64_ROOT: a directory in which libdb5.3 and libdb5.3-dev of arm64 are unpacked.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES AARCH64_ROOT)
set(CMAKE_FIND_ROOT_PATH ${AARCH64_ROOT})
# javac is this machine's, and so is jni.h, which is the same on both; db.h is found in the root first.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
# Nor is this place anywhere in the bytes.
add_compile_options(-ffile-prefix-map=${AARCH64_ROOT}=)
