// Huawei Cloud ROMA Connect instances: created, waited for, read and deleted.
package roma
