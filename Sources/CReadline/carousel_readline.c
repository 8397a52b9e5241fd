#include "carousel_readline.h"
