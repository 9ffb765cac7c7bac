# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# libxml2, and xmllint over it.

libxml2_title=libxml2
libxml2_package=libxmljs2@0.35.0

libxml2_unpack() { # PACKAGE SOURCE
  cp -r "$1"/vendor/libxml/. "$2"
}

libxml2_workload() { # BUILD
  limited "$1/workload"
}

libxml2_trigger() { # BUILD BUG
  limited "$1/xmllint" --xpath /list/item "$corpus/libxml2/bugs/$2.xml"
}
