#include <wcs.h>
#include <wcsfix.h>
#include <wcshdr.h>
